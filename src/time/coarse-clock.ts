import type { Clock } from './clock.ts'

/** How late a call may be, in milliseconds: all that falls into so long a time shares one timer. */
const SLOT_MS = 20

/**
 * A clock whose timers are few, however many wait: it rings once for each slot of time that anyone waits for, at the
 * end of it, so that nobody is called early.
 */
export class CoarseClock implements Clock {
  readonly #clock: Clock
  /** Who waits, by the number of the slot. */
  readonly #slots = new Map<number, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  after(delayMs: number, callback: () => void): () => void {
    const slot = Math.ceil((this.#clock.now() + Math.max(delayMs, 0)) / SLOT_MS)
    // Each call is one of its own, even of the same function.
    const ring = () => callback()
    const waiting = this.#slots.get(slot) ?? this.#open(slot)
    waiting.add(ring)
    return () => void waiting.delete(ring)
  }

  #open(slot: number): Set<() => void> {
    const waiting = new Set<() => void>()
    this.#slots.set(slot, waiting)
    this.#clock.after(slot * SLOT_MS - this.#clock.now(), () => {
      this.#slots.delete(slot)
      for (const ring of waiting) ring()
    })
    return waiting
  }
}
