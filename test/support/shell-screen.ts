/** What a terminal shows of what is written to it, so far as readline makes use of one. */
export class Screen {
  readonly #columns: number
  #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  write(text: string): void {
    for (const [part, count, command] of text.matchAll(/\p{Cc}\[(\d*)([A-Za-z])|[\s\S]/gu)) {
      if (command !== undefined) this.#control(command, count === '' ? undefined : Number(count))
      else this.#put(part)
    }
  }

  /** The rows down to the last that is not blank. */
  get lines(): string[] {
    return this.#rows
      .map((row) =>
        Array.from(row, (character) => character ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd()
      .split('\n')
  }

  get #current(): string[] {
    while (this.#rows.length <= this.#row) this.#rows.push([])
    return this.#rows[this.#row] as string[]
  }

  #put(character: string): void {
    if (character === '\r') {
      this.#column = 0
      return
    }
    if (character === '\n' || this.#column === this.#columns) {
      this.#row++
      this.#column = 0
    }
    const row = this.#current
    if (character !== '\n') row[this.#column++] = character
  }

  #control(command: string, count: number | undefined): void {
    const steps = count ?? 1
    switch (command) {
      case 'A':
        this.#row = Math.max(0, this.#row - steps)
        return
      case 'B':
        this.#row += steps
        return
      case 'C':
        this.#column = Math.min(this.#columns - 1, this.#column + steps)
        return
      case 'D':
        this.#column = Math.max(0, this.#column - steps)
        return
      case 'G':
        this.#column = steps - 1
        return
      case 'J':
        this.#rows = this.#rows.slice(0, this.#row + 1)
        this.#current.splice(this.#column)
        return
      case 'K':
        this.#current.splice(this.#column)
        return
      case 'm':
        return
      default:
        throw new Error(`the screen does not know ESC [ ${command}`)
    }
  }
}
