/** The time of day as ISO 8601: asked for in every millisecond, and written down once in it. */
export class WallTime {
  readonly #clock: () => Date
  #ms = Number.NaN
  #text = ''

  constructor(clock: () => Date) {
    this.#clock = clock
  }

  get text(): string {
    const date = this.#clock()
    const ms = date.getTime()
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#text = date.toISOString()
    }
    return this.#text
  }
}
