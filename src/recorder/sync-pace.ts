import type { Clock } from '../time/clock.ts'

/** How often a file is brought to the disk: not more than once in so long, and in the end all of it. */
export class SyncPace {
  readonly #clock: Clock
  readonly #pauseMs: number
  readonly #sync: (done: () => void) => void
  /** A sync is to come, or under way. */
  #isBusy = false
  /** Something was written that the last sync may have missed. */
  #isBehind = false
  #lastMs = Number.NEGATIVE_INFINITY
  #callOff = () => {}
  #isOver = false

  constructor(clock: Clock, pauseMs: number, sync: (done: () => void) => void) {
    this.#clock = clock
    this.#pauseMs = pauseMs
    this.#sync = sync
  }

  /** Something was written. */
  wrote(): void {
    this.#isBehind = true
    if (this.#isBusy || this.#isOver) return
    this.#isBusy = true
    const delayMs = Math.max(0, this.#lastMs + this.#pauseMs - this.#clock.now())
    this.#callOff = this.#clock.after(delayMs, () => this.#begin())
  }

  end(): void {
    this.#isOver = true
    this.#callOff()
  }

  #begin(): void {
    this.#lastMs = this.#clock.now()
    this.#isBehind = false
    this.#sync(() => {
      this.#isBusy = false
      if (this.#isBehind) this.wrote()
    })
  }
}
