import { expect, it } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { give, type Told } from '../support/orders.ts'
import { textsIn } from '../support/recording-drone.ts'
import { startNetwork } from '../support/start-network.ts'
import { faultsOf } from '../support/verdict.ts'

const LOSSES = 5
const PER_CONNECTION = 20
/** More than HELLO, and less than all orders of a connection. */
const CUT_AFTER_BYTES = 150
const RECONNECT = { minDelayMs: 1, maxDelayMs: 1 }

it.each(WIRE_NAMES.flatMap((wire) => (['reset_peer', 'limit_data'] as const).map((kind) => ({ wire, kind }))))(
  'a client that comes back after a $kind on the $wire wire sends nothing again',
  async ({ wire, kind }) => {
    const fault = { kind, afterBytes: CUT_AFTER_BYTES }
    const network = await startNetwork(wire, {
      route: (connection) => (connection < LOSSES ? { upstream: { slicer: { maxBytes: 50 }, fault } } : {}),
    })
    const { proxy, drone } = network
    const client = await network.connect({ reconnect: RECONNECT })
    const told: Told[] = []
    for (let connection = 0; connection <= LOSSES; connection++) {
      await client.ready()
      const orders = Array.from({ length: PER_CONNECTION }, (_, index) => connection * PER_CONNECTION + index + 1)
      told.push(...(await Promise.all(orders.map((order) => give(client, { order, kind: 'write', connection })))))
    }
    await client.close()
    expect(proxy.connections).toHaveLength(LOSSES + 1)
    proxy.connections.forEach(({ fromClient }, connection) => {
      const sent = textsIn(fromClient)
      expect(sent.length).toBeGreaterThan(0)
      expect(sent.every((order) => Math.ceil(order / PER_CONNECTION) === connection + 1)).toBe(true)
    })
    expect(faultsOf({ wire, drone, clients: [told], tapped: proxy.connections })).toEqual([])
    // Some of each connection's were lost, and none of the last one's.
    const lost = told.filter(({ error }) => error?.code === 'CONNECTION_CLOSED')
    expect(new Set(lost.map(({ connection }) => connection))).toEqual(
      new Set(Array.from({ length: LOSSES }, (_, i) => i)),
    )
  },
)
