import type { Clock } from './clock.ts'

/** So late, in milliseconds, nothing was read for a while: what came meanwhile, and in time, is read before it rings. */
const LATE_MS = 100

/** Whoever an alarm wakes. */
export interface Sleeper {
  wake(nowMs: number): void
}

/**
 * A timer for a deadline that moves. While it rings early enough it is left alone, so that to put a deadline off costs
 * nothing: whoever it wakes looks at the time, and sets it again.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #sleeper: Sleeper
  #atMs = Number.POSITIVE_INFINITY
  #callOff: (() => void) | undefined
  /** One for all times. */
  readonly #due = (): void => {
    if (this.#clock.now() - this.#atMs <= LATE_MS) return this.#wake()
    const turn = setImmediate(() => this.#wake())
    this.#callOff = () => clearImmediate(turn)
  }

  constructor(clock: Clock, sleeper: Sleeper) {
    this.#clock = clock
    this.#sleeper = sleeper
  }

  /** Sees to it that it rings by then; infinite is never. */
  setFor(deadlineMs: number): void {
    if (deadlineMs >= this.#atMs) return
    this.off()
    this.#atMs = deadlineMs
    this.#callOff = this.#clock.after(deadlineMs - this.#clock.now(), this.#due)
  }

  off(): void {
    this.#callOff?.()
    this.#atMs = Number.POSITIVE_INFINITY
  }

  #wake(): void {
    this.#atMs = Number.POSITIVE_INFINITY
    this.#sleeper.wake(this.#clock.now())
  }
}
