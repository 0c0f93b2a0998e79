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
    const reconnect = { minDelayMs: 100, maxDelayMs: 100, random: () => 0 }
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
    await gone
    expect(client.connected).toBe(false)
  }
})
