import type { GivenEntry } from './journal.ts'
import type { Line } from './line.ts'

/** So much is kept while nothing can be written, in bytes. */
export const MAX_BACKLOG_BYTES = 1024 * 1024
/** What a line takes beside the texts in it, in bytes, more or less. */
const LINE_BYTES = 140

/** What is to become a line when it is written: with others, which costs less than one by one. */
export interface Waiting extends Line {
  readonly entry: GivenEntry
}

/** What waits to be written. Where there is a bound the oldest give way, and are counted. */
export class Backlog {
  #waiting: Waiting[] = []
  /** How many of the first were dropped, but are still there. */
  #dropped = 0
  #bytes = 0
  #lostCount = 0
  #lastLost: Waiting | undefined

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#lostCount === 0
  }

  /** How much it will be, in bytes, more or less. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many were dropped. They stand before all that is left. */
  get lostCount(): number {
    return this.#lostCount
  }

  /** The last that was dropped. */
  get lastLost(): Waiting | undefined {
    return this.#lastLost
  }

  get waiting(): readonly Waiting[] {
    return this.#dropped === 0 ? this.#waiting : this.#waiting.slice(this.#dropped)
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#bytes += sizeOf(waiting)
  }

  /** Drops the oldest, until the rest is within the bound. */
  trim(): void {
    while (this.#bytes > MAX_BACKLOG_BYTES) {
      const lost = this.#waiting[this.#dropped++] as Waiting
      this.#bytes -= sizeOf(lost)
      this.#lastLost = lost
      this.#lostCount++
    }
    if (this.#dropped * 2 <= this.#waiting.length) return
    this.#waiting = this.#waiting.slice(this.#dropped)
    this.#dropped = 0
  }

  clear(): void {
    this.#waiting = []
    this.#dropped = this.#bytes = this.#lostCount = 0
    this.#lastLost = undefined
  }
}

function sizeOf({ entry }: Waiting): number {
  if (entry.kind === 'command') return LINE_BYTES + entry.message.length + entry.reply.length
  return LINE_BYTES + (entry.kind === 'event' ? entry.event.length : LINE_BYTES)
}
