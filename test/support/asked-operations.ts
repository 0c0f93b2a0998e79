import { connect } from '../../src/client/client.ts'
import type { ReconnectOptions } from '../../src/client/reconnect.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from './fake-clock.ts'
import { fakeServer, idOf } from './fake-server.ts'
import { startServer } from './start-server.ts'
import { until } from './until.ts'

/** A server with a drone, and a client. */
export async function startFlight({ landed = false } = {}) {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock, { landed })
  const { server, address } = await startServer({ clock, drone })
  return { clock, drone, server, address, client: await connect(address) }
}

/** Resolves when the server knows that somebody asks what an operation comes to, with a promise of that. */
export async function asking<T>(operation: { readonly done: Promise<T> }, clock: FakeClock) {
  const settled = operation.done.then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  )
  // The question whether it is over already waits for a millisecond.
  await until(() => clock.timers > 1)
  clock.advance(1)
  return { end: settled }
}

/** An operation of a server that is played by hand, of which somebody asks what it comes to. */
export async function moved({ reconnect = false as boolean | ReconnectOptions, reply = '', session = 1 } = {}) {
  const server = await fakeServer()
  const client = await connect({ port: server.port, reconnect })
  const move = client.move({ x: 1, y: 2 })
  await server.hears('MOVE')
  server.say(`OK MOVING_TO(1, 2)\r\nX: 1\r\nY: 2\r\nOp: 7\r\n${reply}Id: ${idOf(server.received)}\r\n\r\n`)
  const { done } = await move
  await server.hears('WAIT')
  const [, subscribeId = ''] = /SUBSCRIBE\r\nTopic: OPS\r\nId: (\S+)/.exec(server.received) ?? []
  const answer = (text: string) => server.say(`${text}Id: ${idOf(server.received)}\r\n\r\n`)
  server.say(`OK SUBSCRIBED\r\nTopic: OPS\r\nSession: ${session}\r\nId: ${subscribeId}\r\n\r\n`)
  return { server, client, done, answer, notYet: () => answer('ERR TIMEOUT\r\nReason: not yet\r\nFatal: no\r\n') }
}

/** What a server tells of an operation. */
export const event = (name: string, op: number, more = '') =>
  `EVENT ${name}\r\nEvent-Seq: 1\r\nTime: t\r\nUptime: 1\r\nOp: ${op}\r\nCommand: MOVE\r\nX: 3\r\nY: 4\r\nZ: 5\r\n${more}\r\n`
