import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { backOffMs } from '../../src/client/reconnect.ts'
import { Server } from '../../src/server/server.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeServer, idOf } from '../support/fake-server.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'

describe('the delay before an attempt', () => {
  it('doubles up to its cap', () => {
    const options = { minDelayMs: 100, maxDelayMs: 1000, random: () => 0 }
    expect([0, 1, 2, 3, 4, 50].map((attempt) => backOffMs(attempt, options))).toEqual([100, 200, 400, 800, 1000, 1000])
  })

  it('is random in its second half', () => {
    expect(backOffMs(0, { minDelayMs: 100, random: () => 1 })).toBe(50)
    expect(backOffMs(0, { minDelayMs: 100, random: () => 0.5 })).toBe(75)
  })
})

it.each([{ minDelayMs: Number.NaN }, { minDelayMs: -5 }, { minDelayMs: 0 }, { maxDelayMs: Number.POSITIVE_INFINITY }])(
  'a client is not to reconnect with %j, which is no delay',
  async (reconnect) => {
    const refusal = { code: 'BAD_ARGUMENT', message: expect.stringContaining('DelayMs'), retrySafe: true }
    await expect(connect({ port: 1, reconnect })).rejects.toMatchObject(refusal)
  },
)

describe('a client that may reconnect', () => {
  const reconnect = { minDelayMs: 100, maxDelayMs: 1000, random: () => 0 }

  it('comes back with HELLO first, and never sends again what was in flight', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
    const inFlight = client.move({ x: 1, y: 2 })
    const failed = expect(inFlight).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: false })
    await server.hears('MOVE')
    server.sockets[0]?.resetAndDestroy()
    await failed
    await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: true })
    clock.advance(100)
    await client.ready()
    expect(client.connected).toBe(true)
    const answer = client.ping()
    await server.hears('PING')
    expect(server.received).toMatch(/^HELLO\r\n(?:[^M]|M(?!OVE))*PING/)
    expect(server.sockets).toHaveLength(2)
    client.destroy()
    await expect(answer).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  it('asks the new connection nothing about the operations of the old one', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
    const accepted = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    server.say(`OK MOVING_TO(1, 2)\r\nX: 1\r\nY: 2\r\nOp: 1\r\nId: ${idOf(server.received)}\r\n\r\n`)
    const operation = await accepted
    server.sockets[0]?.resetAndDestroy()
    await until(() => !client.connected)
    clock.advance(100)
    await client.ready()
    await expect(operation.done).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: false })
    expect(server.received).not.toContain('WAIT')
    client.destroy()
  })

  it('with retry waits for another connection no longer than it was told to, nor when it is called off', async () => {
    const server = await startServer()
    const clock = new FakeClock()
    const client = await connect({ ...server.address, clock, timeoutMs: 0, reconnect, retry: true })
    await server.server.close()
    await until(() => !client.connected)
    const late = expect(client.ping({}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      retrySafe: false,
    })
    const controller = new AbortController()
    const { signal } = controller
    const calledOff = expect(client.ping({}, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    controller.abort()
    await calledOff
    await expect(client.ping({}, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    await until(() => clock.timers > 1)
    clock.advance(200)
    await late
    client.destroy()
  })

  it('tries again after longer and longer delays while there is no server', async () => {
    const first = await startServer()
    const clock = new FakeClock()
    const client = await connect({ ...first.address, clock, timeoutMs: 0, reconnect })
    const lost = client.closed
    await first.server.close()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await until(() => clock.timers === 1)
    clock.advance(199)
    expect(clock.timers).toBe(1)
    client.destroy()
    await lost
  })

  it('waits longer and longer for a server that answers nothing but HELLO, and begins anew behind an answer', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect })
    const comesBackAfter = async (delayMs: number) => {
      client.ping().catch(() => {})
      await server.hears('PING')
      server.sockets.at(-1)?.resetAndDestroy()
      await until(() => clock.timers === 1)
      clock.advance(delayMs - 1)
      expect(clock.timers).toBe(1)
      clock.advance(1)
      await client.ready()
    }
    for (const delayMs of [100, 200, 400, 800, 1000, 1000]) await comesBackAfter(delayMs)
    const refused = client.status().catch(() => {})
    await server.hears('STATUS')
    server.say(`ERR INTERNAL\r\nReason: no\r\nFatal: no\r\nId: ${idOf(server.received)}\r\n\r\n`)
    await refused
    for (const delayMs of [100, 200]) await comesBackAfter(delayMs)
    client.destroy()
  })

  it('gives up where the server refuses its token', async () => {
    const first = await startServer({ token: 'old' })
    const clock = new FakeClock()
    const client = await connect({ ...first.address, token: 'old', clock, timeoutMs: 0, reconnect })
    await first.server.close()
    await until(() => clock.timers === 1)
    const second = new Server({ token: 'new' })
    onTestFinished(() => second.close())
    await second.listen(first.address)
    clock.advance(100)
    expect(await client.closed).toMatchObject({ code: 'AUTH_FAILED' })
    expect(clock.timers).toBe(0)
  })

  it('connects again although the signal for connecting has long been aborted', async () => {
    const server = await fakeServer()
    const clock = new FakeClock()
    const abort = new AbortController()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect, signal: abort.signal })
    abort.abort()
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers === 1)
    clock.advance(100)
    await client.ready()
    expect(client.connected).toBe(true)
    client.destroy()
  })
})
