import { expect, it } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { give } from '../support/orders.ts'
import { startNetwork } from '../support/start-network.ts'
import { until } from '../support/until.ts'
import { faultsOf } from '../support/verdict.ts'

const ORDERS = [1, 2, 3, 6, 8, 11].map((order) => ({ order, kind: 'write', connection: 0 }) as const)

it.each(WIRE_NAMES)('every order before a FIN is still answered on the %s wire, slow as the drone is', async (wire) => {
  const measured = await startNetwork(wire)
  const dry = await measured.connect()
  await Promise.all(ORDERS.map((order) => give(dry, order)))
  const afterBytes = measured.proxy.connections[0]?.fromClient.length ?? 0
  dry.destroy()

  const route = () => ({ upstream: { fault: { kind: 'half_close', afterBytes } } }) as const
  const network = await startNetwork(wire, { route })
  const { proxy, drone } = network
  let release = () => {}
  drone.gate = new Promise((resolve) => {
    release = resolve
  })
  const client = await network.connect()
  const answers = ORDERS.map((order) => give(client, order))
  await until(() => proxy.connections[0]?.faults.length === 1)
  // What is sent behind the FIN gets nowhere.
  const lost = give(client, { order: 12, kind: 'move', connection: 0 })
  await until(() => drone.told.length > 0)
  expect(drone.told).toEqual([1])
  release()
  const told = [...(await Promise.all(answers)), await lost]
  expect(told.map(({ error }) => error?.code)).toEqual([...ORDERS.map(() => undefined), 'CONNECTION_CLOSED'])
  expect((await client.closed).message).toContain('ended the connection')
  await until(() => network.accepted.open === 0)
  expect(drone.told).toEqual(ORDERS.map(({ order }) => order))
  expect(faultsOf({ wire, drone, clients: [told], tapped: proxy.connections })).toEqual([])
})
