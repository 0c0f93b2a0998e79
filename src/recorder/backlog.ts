/** So much is kept while nothing can be written, in characters, which are bytes. */
export const MAX_BACKLOG_BYTES = 1024 * 1024

/** The lines that wait to be written. Where there is a bound the oldest give way, and are counted. */
export class Backlog {
  #bodies: string[] = []
  /** How many of the first were dropped, but are still there. */
  #dropped = 0
  #bytes = 0
  #lostCount = 0
  #lastLost = ''

  get isEmpty(): boolean {
    return this.#bodies.length === 0 && this.#lostCount === 0
  }

  /** How many were dropped. They stand before all that is left. */
  get lostCount(): number {
    return this.#lostCount
  }

  /** The last that was dropped. */
  get lastLost(): string {
    return this.#lastLost
  }

  get bodies(): readonly string[] {
    return this.#dropped === 0 ? this.#bodies : this.#bodies.slice(this.#dropped)
  }

  add(body: string): void {
    this.#bodies.push(body)
    this.#bytes += body.length
  }

  /** Drops the oldest, until the rest is within the bound. */
  trim(): void {
    while (this.#bytes > MAX_BACKLOG_BYTES) {
      this.#lastLost = this.#bodies[this.#dropped++] as string
      this.#bytes -= this.#lastLost.length
      this.#lostCount++
    }
    if (this.#dropped * 2 <= this.#bodies.length) return
    this.#bodies = this.#bodies.slice(this.#dropped)
    this.#dropped = 0
  }

  clear(): void {
    this.#bodies = []
    this.#dropped = this.#bytes = this.#lostCount = 0
    this.#lastLost = ''
  }
}
