import type { Clock } from './clock.ts'

/** How late a call may be, in milliseconds: all that falls into so long a time shares one timer. */
const SLOT_MS = 20

const UNKNOWN = Number.NaN

/**
 * A clock whose timers are few, however many wait: it rings once for each slot of time that anyone waits for, at the
 * end of it, so that nobody is called early. And it stands still while one thing is done, such as to answer all that
 * one read has brought: to look at the time anew for each message costs 50 ns of 300, and what belongs together has one
 * time. Who does not say when that is done has it end by itself, which costs 100 ns.
 */
export class CoarseClock implements Clock {
  readonly #clock: Clock
  /** Who waits, by the number of the slot. */
  readonly #slots = new Map<number, Slot>()

  /** While it stands still. */
  #nowMs = UNKNOWN
  readonly #goOn = () => this.goOn()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    if (Number.isNaN(this.#nowMs)) {
      this.stop()
      process.nextTick(this.#goOn)
    }
    return this.#nowMs
  }

  stop(): void {
    this.#nowMs = this.#clock.now()
  }

  goOn(): void {
    this.#nowMs = UNKNOWN
  }

  after(delayMs: number, callback: () => void): () => void {
    const slot = Math.ceil((this.#clock.now() + Math.max(delayMs, 0)) / SLOT_MS)
    const { waiting, callOff } = this.#slots.get(slot) ?? this.#open(slot)
    // Each call is one of its own, even of the same function.
    const ring = waiting.has(callback) ? () => callback() : callback
    waiting.add(ring)
    return () => {
      waiting.delete(ring)
      // A timer that nobody waits for would keep a program from its end.
      if (waiting.size === 0) callOff()
    }
  }

  /** Calls nobody of those any more who wait. */
  end(): void {
    for (const { waiting, callOff } of [...this.#slots.values()]) {
      waiting.clear()
      callOff()
    }
  }

  #open(slot: number): Slot {
    const waiting = new Set<() => void>()
    const callOffTimer = this.#clock.after(slot * SLOT_MS - this.#clock.now(), () => {
      this.#slots.delete(slot)
      for (const ring of waiting) ring()
    })
    const callOff = () => {
      if (this.#slots.get(slot)?.waiting !== waiting) return
      this.#slots.delete(slot)
      callOffTimer()
    }
    const opened = { waiting, callOff }
    this.#slots.set(slot, opened)
    return opened
  }
}

interface Slot {
  readonly waiting: Set<() => void>
  /** Ends the slot before its time. */
  readonly callOff: () => void
}
