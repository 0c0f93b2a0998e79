import { expect, it } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { give, KINDS } from '../support/orders.ts'
import { startNetwork } from '../support/start-network.ts'
import { until } from '../support/until.ts'
import { faultsOf } from '../support/verdict.ts'

const PATIENCE_MS = 100
/** As many as are on their way at 20 a second when a link comes back after some 12 seconds. */
const BURST = 253

/** Given when all others have been answered. */
const LAST = { order: 1000, kind: 'move', connection: 0 } as const

const orders = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    order: first + index,
    kind: KINDS[index % KINDS.length] ?? 'move',
    connection: 0,
  }))

it.each(WIRE_NAMES)('a burst after a freeze is done once and in order on the %s wire', async (wire) => {
  const network = await startNetwork(wire)
  const { proxy, drone } = network
  const client = await network.connect()
  proxy.freeze()
  const answers = orders(1, BURST).map((order) => give(client, order))
  await until(() => String(proxy.connections[0]?.fromClient.toString('latin1')).includes('#'))
  expect(drone.told).toEqual([])
  proxy.unfreeze()
  const told = await Promise.all(answers)
  expect(drone.told).toEqual(orders(1, BURST).map(({ order }) => order))
  expect(faultsOf({ wire, drone, clients: [told], tapped: proxy.connections })).toEqual([])
  expect(told.filter(({ error }) => error?.code === 'CONNECTION_CLOSED')).toEqual([])
  client.destroy()
})

it.each(WIRE_NAMES)('replies that come too late on the %s wire are given to nobody else', async (wire) => {
  const clock = new FakeClock()
  const network = await startNetwork(wire)
  const { proxy, drone } = network
  const client = await network.connect({ clock, timeoutMs: PATIENCE_MS })
  proxy.freeze()
  const late = orders(1, BURST).map((order) => give(client, order))
  clock.advance(PATIENCE_MS / 2)
  const stillInTime = orders(BURST + 1, BURST).map((order) => give(client, order))
  clock.advance(PATIENCE_MS / 2)
  const toldLate = await Promise.all(late)
  for (const { error } of toldLate) expect(error).toMatchObject({ code: 'TIMEOUT', retrySafe: false })
  expect(client.connected).toBe(true)
  proxy.unfreeze()
  const told = [...toldLate, ...(await Promise.all(stillInTime)), await give(client, LAST)]
  expect(told.filter(({ error }) => error?.code === 'TIMEOUT')).toHaveLength(BURST)
  // They were sent, and were done: which is why they are not to be called safe to retry.
  expect(drone.told).toEqual([...orders(1, 2 * BURST).map(({ order }) => order), LAST.order])
  expect(faultsOf({ wire, drone, clients: [told], tapped: proxy.connections })).toEqual([])
  client.destroy()
})

it.each(WIRE_NAMES)('a stall in the midst of a reply on the %s wire leaves nobody waiting', async (wire) => {
  const clock = new FakeClock()
  const stall = { kind: 'timeout', afterBytes: 0 } as const
  const whole = await startNetwork(wire)
  const quiet = await whole.connect()
  const greetingBytes = whole.proxy.connections[0]?.fromServer.length ?? 0
  quiet.destroy()
  const network = await startNetwork(wire, {
    route: () => ({ downstream: { fault: { ...stall, afterBytes: greetingBytes + 5 } } }),
  })
  const { proxy, drone } = network
  const client = await network.connect({ clock, timeoutMs: PATIENCE_MS })
  const answers = orders(1, 10).map((order) => give(client, order))
  await until(() => drone.told.length === 10)
  clock.advance(PATIENCE_MS)
  const told = await Promise.all(answers)
  for (const { error } of told) expect(error).toMatchObject({ code: 'TIMEOUT', retrySafe: false })
  const closing = client.close()
  await until(() => clock.timers > 0)
  clock.advance(PATIENCE_MS)
  await closing
  expect((await client.closed).message).toContain('The client has closed')
  expect(clock.timers).toBe(0)
  expect(faultsOf({ wire, drone, clients: [told], tapped: proxy.connections })).toEqual([])
})

it.each(WIRE_NAMES)('connecting on the %s wire gives up in time, wherever it stalls', async (wire) => {
  for (const direction of ['upstream', 'downstream'] as const) {
    for (const afterBytes of [0, 1, 10]) {
      const clock = new FakeClock()
      const network = await startNetwork(wire, {
        route: () => ({ [direction]: { fault: { kind: 'timeout', afterBytes } } }),
      })
      const connecting = network.connect({ clock, timeoutMs: PATIENCE_MS })
      const refused = expect(connecting).rejects.toMatchObject({ code: 'TIMEOUT' })
      const { proxy } = network
      await until(() => (proxy.connections[0]?.faults.length ?? 0) > 0)
      // It may have said HELLO just now, and waits anew.
      while (clock.timers > 0) {
        clock.advance(PATIENCE_MS)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await refused
      proxy.close()
      await until(() => network.accepted.open === 0)
    }
  }
})
