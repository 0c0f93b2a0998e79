import type { Socket } from 'node:net'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { FakeClock } from './fake-clock.ts'
import type { Pilot } from './pilot.ts'
import { type Scene, startScene } from './start-scene.ts'
import { until } from './until.ts'

/** One who has said HELLO, and is answered one thing at a time. */
export interface Flyer {
  readonly pilot: Pilot
  readonly peer: Socket
  /** The server is rid of the connection. */
  readonly gone: Promise<unknown>
  /** Says something under an Id, and resolves to all that it is answered but the Id. */
  ask(text: string): Promise<string>
  /** Says something, and resolves when the server has it: what that comes to is not waited for. */
  say(text: string): Promise<void>
  /** What was told as events, from the first on: `LEASE lost`, `CONTROL acquired alice`. */
  events(): readonly string[]
}

export interface FlyScene extends Scene {
  readonly drone: SimulatedDrone
  /** Connects, says HELLO with these headers, and resolves when that is answered. */
  fly(...headers: string[]): Promise<Flyer>
}

let lastId = 0

/** A server with a drone in the air, whose time stands still. */
export async function startFlying(options: ServerOptions = {}): Promise<FlyScene> {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const scene = await startScene({ clock, drone, ...options })
  const fly = async (...headers: string[]): Promise<Flyer> => {
    const { pilot, peer, gone } = await scene.join()
    const flyer: Flyer = { pilot, peer, gone, ask: (text) => ask(pilot, text), say, events }
    function say(text: string): Promise<void> {
      const bytes = peer.bytesRead + Buffer.byteLength(text)
      pilot.socket.write(text)
      return until(() => peer.bytesRead >= bytes || peer.destroyed)
    }
    function events(): readonly string[] {
      return blocks(pilot.received).flatMap((block) => {
        const [, name, rest = ''] = /^EVENT (\S+)(.*)$/s.exec(block) ?? []
        const told = [...rest.matchAll(/\r\n(?:Change|Holder|State|Pilot): (.*)/g)].map(([, value]) => value)
        return name === undefined ? [] : [[name, ...told].join(' ')]
      })
    }
    await flyer.ask(['HELLO', ...headers].join('\n'))
    return flyer
  }
  return { ...scene, clock, drone, fly }
}

const blocks = (received: string): readonly string[] => received.split('\r\n\r\n')

async function ask(pilot: Pilot, text: string): Promise<string> {
  const end = `Id: ask${++lastId}`
  await pilot.ask(`${Buffer.from(text).toString('latin1')}\n${end}\n\n`, `${end}\r\n\r\n`)
  const block = blocks(pilot.received).find((each) => each.endsWith(`\r\n${end}`)) ?? ''
  return block.slice(0, -`\r\n${end}`.length)
}

/** Lets all that was set in motion by now come to its end, but for what takes another's doing. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
