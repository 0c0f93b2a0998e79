/** The time of day as ISO 8601: looked at once in each moment of a monotonic clock, and written down once a millisecond. */
export class WallTime {
  readonly #clock: () => Date
  #nowMs = Number.NaN
  #ms = Number.NaN
  #text = ''

  constructor(clock: () => Date) {
    this.#clock = clock
  }

  /** `nowMs`: of the monotonic clock. */
  at(nowMs: number): string {
    if (nowMs === this.#nowMs) return this.#text
    this.#nowMs = nowMs
    const date = this.#clock()
    const ms = date.getTime()
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#text = date.toISOString()
    }
    return this.#text
  }
}
