import { type ConnectOptions, connect } from '../../src/client/client.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from './fake-clock.ts'
import { fakeServer, idOf } from './fake-server.ts'
import { startServer } from './start-server.ts'
import { until } from './until.ts'

/** A server with a drone in the air, and a client, whose time is the test's. */
export async function startFlight() {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const { server, address } = await startServer({ clock, drone })
  return { clock, drone, server, client: await connect(address) }
}

/** An event as a server says it. */
export const operationEvent = (name: string, headers: string, seq = 1) =>
  `EVENT ${name}\r\nEvent-Seq: ${seq}\r\nTime: t\r\nUptime: 5\r\n${headers}\r\n`
export const linkEvent = (state: string, seq = 1) => operationEvent('LINK', `State: ${state}\r\n`, seq)
export const telemetryEvent = (x: number) =>
  operationEvent(
    'TELEMETRY',
    `Drone: sim\r\nState: moving\r\nX: ${x}\r\nY: 0\r\nZ: 0\r\nHeading: 0\r\nBattery: 9\r\n` +
      'R: 0\r\nG: 0\r\nB: 0\r\n',
    x,
  )

/** A client of a server that is played by hand, and how that agrees to what was asked for last. */
export async function startPlayed(options: Partial<ConnectOptions> = {}) {
  const server = await fakeServer()
  const client = await connect({ port: server.port, timeoutMs: 0, ...options })
  const agree = async (command: string) => {
    await server.hears(`${command}\r\n`)
    await until(() => server.received.endsWith('\r\n\r\n'))
    server.say(`OK AGREED\r\nId: ${idOf(server.received)}\r\n\r\n`)
  }
  return { server, client, agree }
}

/** All that a loop is given, and what it ends with. */
export async function loopOver<E>(events: AsyncIterable<E>): Promise<{ taken: E[]; error: unknown }> {
  const taken: E[] = []
  try {
    for await (const event of events) taken.push(event)
    return { taken, error: undefined }
  } catch (error) {
    return { taken, error }
  }
}
