import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { connect } from '../../src/client/client.ts'
import type { SessionOptions } from '../../src/client/options.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeServer, fakeServer, idOf } from '../support/fake-server.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { settled, startFlying } from '../support/fly.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 15_000 })

const RECONNECT = { minDelayMs: 100, maxDelayMs: 100, random: () => 0 }

/** The headers of the last message with this command. */
function headersOf({ received }: FakeServer, command: string): Readonly<Record<string, string>> {
  const message = received.split('\r\n\r\n').findLast((each) => each.startsWith(`${command}\r\n`)) ?? ''
  return Object.fromEntries([...message.matchAll(/\r\n([\w-]+): (.*)/g)].map(([, key, value]) => [key, value]))
}

async function start(options: Omit<SessionOptions, 'port' | 'wire'> = {}) {
  const clock = new FakeClock()
  const server = await fakeServer()
  const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect: RECONNECT, ...options })
  return { clock, server, client }
}

describe('the conditions of a command', () => {
  it('are its parameters, too: with a ttl it tells when it was sent', async () => {
    const { clock, server, client } = await start()
    clock.advance(1234.5)
    client.move({ x: 1, y: 2, ttl: 500, key: 'k', dryRun: 'no' }).catch(() => {})
    await server.hears('MOVE')
    expect(headersOf(server, 'MOVE')).toMatchObject({ Ttl: '500', Key: 'k', 'Dry-Run': 'no', Sent: '1235' })
    client.destroy()
  })

  it('are none where none are given', async () => {
    const { server, client } = await start()
    client.ping().catch(() => {})
    await server.hears('PING')
    expect(headersOf(server, 'PING')).toEqual({ Id: expect.any(String) })
    client.destroy()
  })

  it.each([{ ttl: 1.5 }, { ttl: '5' }, { key: 5 }, { dryRun: true }])('have their types: %j', async (wrong) => {
    const { server, client } = await start()
    await expect(client.ping(wrong as never)).rejects.toMatchObject({ code: 'BAD_ARGUMENT', retrySafe: true })
    expect(server.received).not.toContain('PING')
    client.destroy()
  })

  it('of HELLO are what the drone does without its pilot', async () => {
    const { server, client } = await start({ lease: 5000, onClose: 'land' })
    expect(headersOf(server, 'HELLO')).toMatchObject({ Lease: '5000', 'On-Close': 'land' })
    client.destroy()
  })

  it('are told by a real server: what is too old, what was the same, what is only tried', async () => {
    const { address, drone } = await startFlying()
    const clock = new FakeClock()
    const client = await connect({ ...address, clock })
    const moveTo = vi.spyOn(drone, 'moveTo')
    expect(await client.move({ x: 1, y: 0, key: 'k' })).toMatchObject({ x: 1, y: 0, op: 1 })
    expect(await client.move({ x: 1, y: 0, key: 'k' })).toMatchObject({ x: 1, y: 0, op: 1 })
    await expect(client.move({ x: 2, y: 0, key: 'k' })).rejects.toMatchObject({ code: 'KEY_CONFLICT', retrySafe: true })
    await expect(client.move({ x: 1, y: 0, ttl: 60_001 })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' })
    expect(moveTo).toHaveBeenCalledTimes(1)
    await client.close()
  })

  it('make of a Dry-Run an answer that says that nothing was done', async () => {
    const { address, drone } = await startFlying({ fence: { radiusM: 5 } })
    const client = await connect(address)
    const moveTo = vi.spyOn(drone, 'moveTo')
    await expect(client.move({ x: 9000, y: 0, dryRun: 'yes' })).rejects.toMatchObject({ code: 'OUT_OF_FENCE' })
    const checked = await client.move({ x: 1, y: 0, dryRun: 'yes' })
    expect(checked).toEqual({ command: 'MOVE', dryRun: 'yes' })
    expectTypeOf(checked.command).toEqualTypeOf<string>()
    // @ts-expect-error: nothing was begun
    expect(checked.done).toBeUndefined()
    // @ts-expect-error: nor done
    expect((await client.write({ text: 'a', dryRun: 'yes' })).bytes).toBeUndefined()
    expect(await client.ping({ dryRun: 'yes' })).toEqual({ command: 'PING', dryRun: 'yes' })
    expectTypeOf(await client.write({ text: 'a', dryRun: 'no' })).toMatchObjectType<{ readonly bytes: number }>()
    expect(moveTo).not.toHaveBeenCalled()
    await client.close()
  })
})

describe('a client that retries', () => {
  it('sends what was in flight again, under the same Key, and nothing else', async () => {
    const { clock, server, client } = await start({ retry: true })
    const moved = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    const { Key } = headersOf(server, 'MOVE')
    expect(Key).toMatch(/^.{1,64}$/)
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers > 0)
    clock.advance(100)
    await until(() => server.sockets.length === 2)
    await server.hears('MOVE')
    expect(headersOf(server, 'MOVE')).toMatchObject({ X: '1', Y: '2', Key })
    server.say(`OK MOVING_TO(1, 2)\r\nX: 1\r\nY: 2\r\nOp: 7\r\nReplayed: yes\r\nId: ${idOf(server.received)}\r\n\r\n`)
    expect(await moved).toMatchObject({ op: 7 })
    client.destroy()
  })

  it('keeps a Key that it was given, and has another for each command that has none', async () => {
    const { server, client } = await start({ retry: true })
    const keys: (string | undefined)[] = []
    for (const params of [{ key: 'mine' }, {}, {}]) {
      client.status(params).catch(() => {})
      await server.hears('STATUS')
      keys.push(headersOf(server, 'STATUS')['Key'])
      server.say(`ERR INTERNAL\r\nReason: No\r\nFatal: no\r\nId: ${idOf(server.received)}\r\n\r\n`)
      await settled()
    }
    client.destroy()
    expect(keys[0]).toBe('mine')
  })

  it('runs a command once on a real server, over whichever connection it is answered', async () => {
    const { address, drone, clock } = await startFlying()
    const proxy = await FaultProxy.start({ port: address.port })
    const client = await connect({ port: proxy.port, retry: true, reconnect: { minDelayMs: 1, random: () => 0 } })
    const moveTo = vi.spyOn(drone, 'moveTo')
    const flown = client.move({ x: 100, y: 0, wait: 'yes' })
    flown.catch(() => {})
    await until(() => moveTo.mock.calls.length === 1)
    proxy.reset()
    await until(() => proxy.connections.length === 2 && proxy.connections[1]?.fromClient.includes('MOVE') === true)
    clock.advance(1000)
    // One that is told to come back for ever would never have its answer.
    await Promise.race([flown.catch(() => {}), until(() => proxy.connections.length > 5)])
    const { length } = proxy.connections
    client.destroy()
    expect(length).toBe(2)
    expect(await flown).toMatchObject({ x: 100, y: 0, op: 1 })
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('does not pass off as fresh what it sends again', async () => {
    const { clock, server, client } = await start({ retry: true })
    clock.advance(10)
    const moved = client.move({ x: 1, y: 2, ttl: 500 })
    moved.catch(() => {})
    await server.hears('MOVE')
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers > 0)
    clock.advance(30_000)
    await until(() => server.sockets.length === 2)
    // Sent is of another session now, and cannot tell its age: what is left of the Ttl has to, and here nothing is.
    await expect(moved).rejects.toMatchObject({ code: 'EXPIRED' })
    client.destroy()
  })

  it('has to be one that reconnects', async () => {
    await expect(start({ retry: true, reconnect: false })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })
})

describe('a client with a lease', () => {
  it('shows that it is there three times in its time, as long as it is', async () => {
    const { clock, server, client } = await start({ lease: 3000 })
    for (let count = 1; count <= 3; count++) {
      await until(() => clock.timers > 0)
      clock.advance(1000)
      await until(() => server.received.split('PING').length === count + 1)
      server.say(`OK PONG\r\nId: ${idOf(server.received)}\r\n\r\n`)
      await settled()
    }
    client.destroy()
    await client.closed
    expect(clock.timers).toBe(0)
  })

  it('shows it also while a reply is awaited, as that to a WAIT', async () => {
    const { clock, server, client } = await start({ lease: 3000 })
    client.wait().catch(() => {})
    await server.hears('WAIT')
    for (let count = 1; count <= 6; count++) {
      await settled()
      clock.advance(1000)
      await settled()
    }
    await settled()
    expect(server.received.split('PING').length - 1).toBeGreaterThanOrEqual(5)
    client.destroy()
  })

  it('is not missed by a real server while it waits', async () => {
    const { address, clock, fly } = await startFlying()
    const looker = await fly()
    await looker.ask('SUBSCRIBE CONTROL')
    const client = await connect({ ...address, clock, lease: 1000 })
    await client.move({ x: 1000, y: 0 })
    const arrived = client.wait({ timeout: 60_000 })
    arrived.catch(() => {})
    await settled()
    for (let passedMs = 0; passedMs < 10_000; passedMs += 100) {
      clock.advance(100)
      await looker.ask('PING')
      await settled()
    }
    expect(looker.events()).toEqual([])
    expect(await arrived).toMatchObject({ x: 1000 })
    await client.close()
  })
})
