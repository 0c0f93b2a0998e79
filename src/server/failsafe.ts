import type { Feed } from '../drone/feed.ts'
import type { Clock } from '../time/clock.ts'
import { isSame, type Pilot } from './control.ts'

/** What a drone does when the session of a pilot ends. */
export type OnClose = 'hover' | 'land' | 'continue'

/** How a drone is told, whatever it is about. */
export interface Brakes {
  hover(): void | Promise<void>
  land(): void | Promise<void>
}

/** What is done for a drone whose pilot is gone: it hovers at once, and lands if nobody comes. */
export class Failsafe {
  readonly #brakes: Brakes
  readonly #clock: Clock
  readonly #feed: Feed
  readonly #landAfterMs: number
  /** Those who are gone, and still connected. */
  readonly #lost = new Set<Pilot>()
  /** Those who are gone since anybody has flown or stopped the drone, and how to call off the landing that is due for each. */
  readonly #missing = new Map<Pilot, () => void>()
  /** Who has set the drone in motion last, and is still there. */
  #flyer: Pilot | undefined

  /** `landAfterMs`: from hovering to landing, in milliseconds; 0 is never. */
  constructor(brakes: Brakes, clock: Clock, feed: Feed, landAfterMs: number) {
    this.#brakes = brakes
    this.#clock = clock
    this.#feed = feed
    this.#landAfterMs = landAfterMs
  }

  /** A pilot with a lease is gone. */
  lost(pilot: Pilot): void {
    // Who is gone already is not lost again with the connection: the drone may be landing by then.
    if (this.#lost.has(pilot)) return
    this.#lost.add(pilot)
    this.#brake('hover')
    this.#tell('lost', pilot)
    if (this.#landAfterMs === 0) return
    const land = () => {
      this.calm()
      this.#brake('land')
      this.#tell('landing', pilot)
    }
    this.#missing.set(pilot, this.#clock.after(this.#landAfterMs, land))
  }

  /** A pilot is heard, who may have been gone, be it over another connection. */
  regained(pilot: Pilot): void {
    let wasGone = this.#lost.delete(pilot)
    for (const [missing, callOff] of this.#missing) {
      if (!isSame(missing, pilot)) continue
      callOff()
      wasGone = this.#missing.delete(missing)
    }
    if (wasGone) this.#tell('regained', pilot)
  }

  /** Somebody flies: there is no need to land. */
  flown(pilot: Pilot): void {
    this.#flyer = pilot
    // As a rule nobody is missed: to clear what is empty takes 30 ns of a MOVE.
    if (this.#missing.size > 0) this.calm()
  }

  /** Whether it is the same pilot who flies, over another connection. */
  hasMovedOn(pilot: Pilot): boolean {
    return this.#flyer !== undefined && this.#flyer !== pilot && isSame(this.#flyer, pilot)
  }

  /** Nobody is waited for any more. */
  calm(): void {
    for (const callOff of this.#missing.values()) callOff()
    this.#missing.clear()
  }

  /** A session has ended. */
  closed(pilot: Pilot, then: OnClose): void {
    if (this.#flyer === pilot) this.#flyer = undefined
    const wasLost = this.#lost.delete(pilot)
    if (then === 'land') this.#brake('land')
    else if (then === 'hover' && !wasLost) this.#brake('hover')
  }

  /** A drone that fails is to bring down no server: the landing, and the others, go on. */
  #brake(how: keyof Brakes): void {
    Promise.resolve(this.#brakes[how]()).catch(() => {})
  }

  #tell(state: string, { label: pilot }: Pilot): void {
    if (this.#feed.wants('CONTROL')) this.#feed.publish('LEASE', { state, pilot })
  }
}
