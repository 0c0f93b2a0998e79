import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import type { Server } from '../../src/server/server.ts'
import { FakeClock } from './fake-clock.ts'
import { Pilot } from './pilot.ts'
import { startServer } from './start-server.ts'
import { until } from './until.ts'

/** Where Node tells of every socket that a server of this process accepts. */
const ACCEPTED = 'net.server.socket'

interface Joined {
  readonly pilot: Pilot
  /** The server's end of the connection. */
  readonly peer: Socket
  /** The server is rid of the connection. */
  readonly gone: Promise<unknown>
}

export interface Scene {
  readonly server: Server
  readonly address: Address
  readonly clock: FakeClock
  /** Connects a pilot and waits for the greeting. */
  join(): Promise<Joined>
  /** The server's end of a pilot's connection. */
  peerOf(pilot: Pilot): Promise<Socket>
}

/** A server whose time stands still, with a view of its sockets. */
export async function startScene(options: ServerOptions = {}): Promise<Scene> {
  const accepted: Socket[] = []
  const onAccepted = (message: unknown) => void accepted.push((message as { socket: Socket }).socket)
  subscribe(ACCEPTED, onAccepted)
  onTestFinished(() => void unsubscribe(ACCEPTED, onAccepted))
  const clock = new FakeClock()
  const { server, address } = await startServer({ clock, ...options })
  const peerOf = async ({ socket: { localPort } }: Pilot): Promise<Socket> => {
    const find = () => accepted.find((socket) => socket.remotePort === localPort)
    await until(() => find() !== undefined)
    return find() as Socket
  }
  const join = async () => {
    const pilot = await Pilot.dial(address)
    await pilot.until('\r\n\r\n')
    const peer = await peerOf(pilot)
    return { pilot, peer, gone: new Promise((resolve) => peer.once('close', resolve)) }
  }
  return { server, address, clock, join, peerOf }
}
