import type { Clock } from '../../src/time/clock.ts'

interface Timer {
  readonly atMs: number
  readonly ring: () => void
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #nowMs = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#nowMs
  }

  after(delayMs: number, ring: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(delayMs, 0), ring }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  get timers(): number {
    return this.#timers.size
  }

  /** Goes on by `ms`; what is due on the way rings in its order, at its time. */
  advance(ms: number): void {
    const end = this.#nowMs + ms
    for (let next = this.#next(); next !== undefined && next.atMs <= end; next = this.#next()) this.#ring(next)
    this.#nowMs = end
  }

  #next(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.atMs - b.atMs)[0]
  }

  #ring(timer: Timer): void {
    this.#timers.delete(timer)
    this.#nowMs = timer.atMs
    timer.ring()
  }
}

/** A clock that goes on by itself, a millisecond with every turn of the event loop, while anyone waits for it. */
export class TickingClock extends FakeClock {
  #ticking = false

  override after(delayMs: number, ring: () => void): () => void {
    const callOff = super.after(delayMs, ring)
    if (!this.#ticking) this.#tick()
    return callOff
  }

  #tick(): void {
    this.#ticking = true
    setImmediate(() => {
      this.#ticking = false
      this.advance(1)
      if (this.timers > 0 && !this.#ticking) this.#tick()
    })
  }
}
