import type { Feed } from '../drone/feed.ts'
import type { Clock } from '../time/clock.ts'
import type { Pilot } from './control.ts'

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
  #callOffLanding: (() => void) | undefined

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
    this.calm()
    if (this.#landAfterMs === 0) return
    this.#callOffLanding = this.#clock.after(this.#landAfterMs, () => {
      this.#callOffLanding = undefined
      this.#brake('land')
      this.#tell('landing', pilot)
    })
  }

  regained(pilot: Pilot): void {
    if (!this.#lost.delete(pilot)) return
    this.calm()
    this.#tell('regained', pilot)
  }

  /** Somebody flies: there is no need to land. */
  calm(): void {
    this.#callOffLanding?.()
    this.#callOffLanding = undefined
  }

  /** A session has ended. */
  closed(pilot: Pilot, then: OnClose): void {
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
