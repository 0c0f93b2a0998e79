import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { isRequestError } from '../../src/client/error.ts'
import { linkEvent, loopOver, operationEvent, startFlight, startPlayed, telemetryEvent } from '../support/events.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { idOf } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

describe('what goes wrong is told in the loop', () => {
  it('a refusal of the server', async () => {
    const { client } = await startFlight()
    const rate = await loopOver(client.subscribe('TELEMETRY', { rate: 51 }))
    expect(rate).toMatchObject({ taken: [], error: { code: 'OUT_OF_RANGE', retrySafe: true } })
    expect(await loopOver(client.subscribe('OPS', { rate: 5 }))).toMatchObject({ error: { code: 'BAD_ARGUMENT' } })
    await client.close()
  })

  it.each([
    ['lacks what it has to have', operationEvent('LINK', '')],
    ['has no number where there is to be one', operationEvent('LINK', 'State: lost\r\n').replace('Seq: 1', 'Seq: one')],
  ])('an event that %s, which costs nobody else anything', async (_, event) => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    server.say(event)
    const { error } = await loopOver(events)
    expect(error).toMatchObject({ code: 'PARSE' })
    await agree('UNSUBSCRIBE')
    const ping = client.ping()
    await agree('PING')
    expect(await ping).toEqual({})
    client.destroy()
  })

  it('events behind what came before it', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    server.say(`${linkEvent('lost')}ERR SHUTTING_DOWN\r\nReason: the end\r\nFatal: yes\r\n\r\n`)
    const { taken, error } = await loopOver(events)
    expect(taken).toHaveLength(1)
    expect(error).toMatchObject({ code: 'SHUTTING_DOWN' })
  })

  it.each([
    ['the server ends it', (socket: Socket) => void socket.end()],
    ['it is reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('the end of the connection: %s', async (_, end) => {
    const { server, client, agree } = await startPlayed()
    const loop = loopOver(client.subscribe('OPS'))
    await agree('SUBSCRIBE')
    for (const socket of server.sockets) end(socket)
    const { error } = await loop
    expect(isRequestError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(await loopOver(client.subscribe('OPS'))).toMatchObject({ error: { code: 'CONNECTION_CLOSED' } })
  })

  it('that there are no events on the framed wire', async () => {
    const { server } = await startFlight()
    const { port } = (await server.listen({ host: '127.0.0.1', port: 0, wire: 'framed' })) as { port: number }
    const client = await connect({ port, wire: 'framed' })
    // @ts-expect-error: it has no subscribe
    expect(await loopOver(client.subscribe('OPS'))).toMatchObject({ error: { code: 'BAD_ARGUMENT' } })
    await client.close()
  })
})

describe('a client that may reconnect', () => {
  const reconnect = { minDelayMs: 100, maxDelayMs: 1000, random: () => 0 }

  it('subscribes again, with its rate, to what is still looked at', async () => {
    const clock = new FakeClock()
    const { server, client, agree } = await startPlayed({ clock, reconnect })
    const events = client.subscribe('TELEMETRY', { rate: 7 })
    await agree('SUBSCRIBE')
    const left = client.subscribe('LINK')
    await until(() => server.received.includes('LINK'))
    await agree('SUBSCRIBE')
    await left.return()
    await agree('UNSUBSCRIBE')
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await client.ready()
    await agree('SUBSCRIBE')
    expect(server.sockets).toHaveLength(2)
    expect(server.received).toMatch(/SUBSCRIBE\r\nTopic: TELEMETRY\r\nRate: 7\r\n/)
    expect(server.received).not.toContain('LINK')
    server.say(telemetryEvent(42))
    expect((await events.next()).value).toMatchObject({ x: 42 })
    client.destroy()
    expect(await loopOver(events)).toMatchObject({ error: { code: 'CONNECTION_CLOSED' } })
  })

  it('tells the loop where the server does not agree again', async () => {
    const clock = new FakeClock()
    const { server, client, agree } = await startPlayed({ clock, reconnect })
    const loop = loopOver(client.subscribe('OPS'))
    await agree('SUBSCRIBE')
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await client.ready()
    await server.hears('SUBSCRIBE')
    server.say(`ERR UNKNOWN_COMMAND\r\nReason: no\r\nFatal: no\r\nId: ${idOf(server.received)}\r\n\r\n`)
    expect((await loop).error).toMatchObject({ code: 'UNKNOWN_COMMAND' })
    client.destroy()
  })
})
