import { JsonBytes } from './json-bytes.ts'

/** So much is kept while nothing can be written, in bytes. */
export const MAX_BACKLOG_BYTES = 1024 * 1024
/** Room for what most commits write, in bytes. */
const ROOM_BYTES = 64 * 1024

/** The bodies of the lines that wait to be written. Where there is a bound the oldest give way, and are counted. */
export class Backlog {
  /** One behind the other. */
  bodies = new JsonBytes(ROOM_BYTES)
  /** Where each of them ends. */
  #ends: number[] = []
  /** How many of the first were dropped, but are still there. */
  #dropped = 0
  #lostCount = 0
  #lastLost = ''

  get isEmpty(): boolean {
    return this.#ends.length === 0 && this.#lostCount === 0
  }

  /** How many were dropped. They stand before all that is left. */
  get lostCount(): number {
    return this.#lostCount
  }

  /** The last that was dropped. */
  get lastLost(): string {
    return this.#lastLost
  }

  /** What stands behind the last was appended. */
  added(): void {
    this.#ends.push(this.bodies.length)
  }

  /** Calls back with where each of them is. */
  forEach(take: (bodies: JsonBytes, start: number, end: number) => void): void {
    for (let index = this.#dropped; index < this.#ends.length; index++)
      take(this.bodies, this.#startOf(index), this.#ends[index] as number)
  }

  /** Drops the oldest, until the rest is within the bound. */
  trim(): void {
    const { length } = this.bodies
    let index = this.#dropped
    while (length - this.#startOf(index) > MAX_BACKLOG_BYTES) index++
    if (index === this.#dropped) return
    this.#lastLost = this.bodies.bytes.toString('latin1', this.#startOf(index - 1), this.#startOf(index))
    this.#lostCount += index - this.#dropped
    this.#dropped = index
    if (index * 2 > this.#ends.length) this.#compact()
  }

  clear(): void {
    this.bodies.length = this.#dropped = this.#lostCount = 0
    this.#ends = []
    this.#lastLost = ''
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] as number)
  }

  /** Lets go of what was dropped. */
  #compact(): void {
    const start = this.#startOf(this.#dropped)
    const rest = new JsonBytes(ROOM_BYTES)
    rest.copy(this.bodies, start, this.bodies.length)
    this.#ends = this.#ends.slice(this.#dropped).map((end) => end - start)
    this.bodies = rest
    this.#dropped = 0
  }
}
