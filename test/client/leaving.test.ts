import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeServer, idOf } from '../support/fake-server.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'

const reconnect = { minDelayMs: 100, maxDelayMs: 1000, random: () => 0 }

describe('a client that may reconnect, and leaves', () => {
  it.each(['close', 'destroy'] as const)('stays away after %s, whether it waits or dials', async (end) => {
    const server = await fakeServer()
    const clock = new FakeClock()
    for (const isDialling of [false, true]) {
      const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
      const connections = server.sockets.length
      server.sockets.at(-1)?.resetAndDestroy()
      await until(() => clock.timers === 1)
      if (isDialling) clock.advance(100)
      const ended = client[end]()
      await client.closed
      await ended
      expect(clock.timers).toBe(0)
      await expect(client.ready()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
      expect(client.connected).toBe(false)
      expect(server.sockets.length - connections).toBeLessThanOrEqual(isDialling ? 1 : 0)
    }
  })

  it('does not come back after QUIT', async () => {
    const { address } = await startServer()
    const client = await connect({ ...address, reconnect })
    await client.quit()
    await client.closed
    expect(client.connected).toBe(false)
  })

  it.each([false, true])('does not come back where QUIT is answered by the end alone, retry: %j', async (retry) => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect, retry })
    const quit = expect(client.quit()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: false })
    await expect(client.ping()).rejects.toMatchObject({
      ...{ code: 'CONNECTION_CLOSED', message: expect.stringContaining('said QUIT'), retrySafe: true },
    })
    await server.hears('QUIT')
    server.sockets[0]?.end()
    await quit
    await client.closed
    expect(clock.timers).toBe(0)
  })

  it('comes back where QUIT was refused, or only tried', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
    const refused = expect(client.quit()).rejects.toMatchObject({ code: 'INTERNAL' })
    await server.hears('QUIT')
    server.say(`ERR INTERNAL\r\nReason: no\r\nFatal: no\r\nId: ${idOf(server.received)}\r\n\r\n`)
    await refused
    const tried = client.quit({ dryRun: 'yes' })
    await server.hears('Dry-Run')
    server.say(`OK CHECKED\r\nCommand: QUIT\r\nDry-Run: yes\r\nId: ${idOf(server.received)}\r\n\r\n`)
    await tried
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await client.ready()
    expect(client.connected).toBe(true)
    client.destroy()
  })

  it('ends where it is to quit while it is away', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    await expect(client.quit()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: true })
    await client.closed
    expect(clock.timers).toBe(0)
  })

  it('does not come back after close, nor without being told to', async () => {
    const { address } = await startServer()
    const polite = await connect({ ...address, reconnect: true })
    await polite.close()
    await polite.closed
    expect(polite.connected).toBe(false)
  })
})

it('a client that is destroyed at any moment while HELLO is answered leaves no connection', async () => {
  // An event behind the reply is told in a microtask of its own, and from there each goes one further.
  for (let later = 0; later < 20; later++) {
    const server = await fakeServer({ welcomes: false })
    const clock = new FakeClock()
    const welcome = () => `OK AUTH_OK\r\nProtocol: 1\r\nId: ${idOf(server.received)}\r\n\r\n`
    const onEvent = async () => {
      for (let step = 0; step < later; step++) await undefined
      client.destroy()
    }
    const connected = connect({ port: server.port, clock, timeoutMs: 0, reconnect, onEvent })
    await server.hears('Id: ')
    server.say(welcome())
    const client = await connected
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await until(() => server.sockets.length === 2)
    await server.hears('Id: ')
    const gone = new Promise((resolve) => server.sockets[1]?.once('close', resolve))
    server.say(`${welcome()}EVENT LOW\r\n\r\n`)
    await client.closed
    for (let step = 0; step < 20; step++) {
      expect(client.connected).toBe(false)
      await undefined
    }
    await gone
  }
})
