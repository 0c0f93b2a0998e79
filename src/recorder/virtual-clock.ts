import type { Clock } from '../time/clock.ts'

interface Timer {
  readonly atMs: number
  readonly ring: () => void
}

/** A clock that stands where it is put: the past, once more. */
export class VirtualClock implements Clock {
  #nowMs: number
  readonly #timers = new Set<Timer>()

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  after(delayMs: number, ring: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(delayMs, 0), ring }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Goes on to a moment; what is due on the way rings in its order, at its time. It never goes back. */
  goTo(ms: number): void {
    for (let next = this.#next(ms); next !== undefined; next = this.#next(ms)) {
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.ring()
    }
    this.#nowMs = Math.max(this.#nowMs, ms)
  }

  /** The timer that is due first, of those that are due by then. */
  #next(ms: number): Timer | undefined {
    const due = [...this.#timers].filter(({ atMs }) => atMs <= ms)
    return due.sort((a, b) => a.atMs - b.atMs)[0]
  }
}
