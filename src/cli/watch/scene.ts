import { type Bounds, boundsOf, grown } from './bounds.ts'
import type { Ended, Failed, Place, Started, Telemetry, WatchedEvent } from './event.ts'
import { Track } from './track.ts'

/** An operation of the drone, as far as it was told of. */
export interface Operation {
  readonly op: number
  /** Whose it is: each session numbers its own. */
  readonly session: number | undefined
  readonly command: string
  readonly state: 'running' | 'arrived' | 'cancelled' | 'failed'
  /** Where it goes, while it runs; then where the drone was at its end. */
  readonly place: Place
  readonly code?: string | undefined
}

/** How many operations are kept. */
export const MAX_OPERATIONS = 6

const STATES = { STARTED: 'running', ARRIVED: 'arrived', CANCELLED: 'cancelled', FAILED: 'failed' } as const

/** What there is to see: the last of everything, and where the drone was. */
export class Scene {
  readonly track = new Track()
  telemetry: Telemetry | undefined
  /** The oldest first. */
  operations: readonly Operation[] = []
  link: 'up' | 'lost' = 'up'
  /** How many events were left out for us as a slow reader. */
  dropped = 0
  /** That of the last event. */
  time: string | undefined
  /** What the plan has to show. It only grows while the drone flies: the scale of the plan must not jump to and fro. */
  bounds: Bounds | undefined
  /** The highest that the drone was or was to go. */
  topCm = 0

  take(event: WatchedEvent): void {
    this.time = event.time
    this.dropped += event.dropped ?? 0
    switch (event.name) {
      case 'TELEMETRY':
        return this.#see(event)
      case 'STARTED':
      case 'ARRIVED':
      case 'CANCELLED':
      case 'FAILED':
        return this.#operate(event)
      case 'LINK':
        this.link = event.state === 'lost' ? 'lost' : 'up'
        return
      default:
        return event satisfies never
    }
  }

  /** The operation that runs, if one does. */
  get running(): Operation | undefined {
    return this.operations.findLast(({ state }) => state === 'running')
  }

  #see(event: Telemetry): void {
    const hasLanded = event.state === 'landed' && this.telemetry?.state !== 'landed'
    this.telemetry = event
    this.track.take(event)
    if (hasLanded) this.#lookAnew()
    this.#hold(event)
  }

  #operate(event: Started | Ended | Failed): void {
    const { op, session, command, x, y, z } = event
    const place = { x, y, z }
    const code = event.name === 'FAILED' ? event.code : undefined
    const operation: Operation = { op, session, command, state: STATES[event.name], place, code }
    const isIt = (known: Operation) => known.op === op && known.session === session
    this.operations = this.operations.some(isIt)
      ? this.operations.map((known) => (isIt(known) ? operation : known))
      : [...this.operations, operation].slice(-MAX_OPERATIONS)
    // Telemetry seldom comes at the very moment of a turn: without this the track would cut its corners.
    if (event.name !== 'STARTED') this.track.take(place)
    this.#hold(place)
  }

  /** On the ground, the places that the drone never came to are forgotten. */
  #lookAnew(): void {
    this.bounds = boundsOf(this.track.points)
    this.topCm = 0
  }

  #hold(place: Place): void {
    this.bounds = grown(this.bounds, place)
    this.topCm = Math.max(this.topCm, place.z)
  }
}
