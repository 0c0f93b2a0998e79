/** How many cells a character takes: 0 joins the one before it. */
export type WidthOf = (character: string) => 0 | 1 | 2

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const isWide = (character: string) => WIDE.test(character) || /[\u{20000}-\u{3fffd}]/u.test(character)
const isEmoji = (character: string) => /\p{Emoji_Presentation}/u.test(character)
const isJoined = (character: string) => /[\p{M}\p{Cf}]/u.test(character)

/** Terminals that differ in what they hold for wide, and for joined. */
export const WIDTHS: Readonly<Record<string, WidthOf>> = {
  today: (character) => (isJoined(character) ? 0 : isWide(character) || isEmoji(character) ? 2 : 1),
  'without emoji': (character) => (isJoined(character) ? 0 : isWide(character) ? 2 : 1),
  'without combining': (character) => (isWide(character) || isEmoji(character) ? 2 : 1),
  'without anything wide': () => 1,
}

const SEQUENCE = /\p{Cc}\[(?:(\?)(\d+)([hl])|([\d;]*)([A-Za-z]))|[\s\S]/gu

/** A terminal with alternate screen, as far as a full-screen program makes use of one. Whatever else comes it refuses. */
export class TerminalScreen {
  #columns: number
  #rows: number
  readonly #widthOf: WidthOf
  #cells: string[][] = []
  #row = 0
  #column = 0
  readonly #modes = new Map([
    [7, true],
    [25, true],
  ])
  /** How often something went over an edge: a wrap, a scroll, a character that was cut off. */
  overflows = 0
  /** How many updates were synchronized. */
  updates = 0

  constructor(columns: number, rows: number, widthOf: WidthOf = () => 1) {
    this.#columns = columns
    this.#rows = rows
    this.#widthOf = widthOf
    this.#clear()
  }

  /** Another size, with all that it showed gone astray. */
  resize(columns: number, rows: number): void {
    this.#columns = columns
    this.#rows = rows
    this.#cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => '#'))
  }

  /** Whether a private mode is set: 7 wraps, 25 shows the cursor, 1049 is the alternate screen, 2026 an open update. */
  has(mode: number): boolean {
    return this.#modes.get(mode) ?? false
  }

  get lines(): string[] {
    return this.#cells.map((row) => row.join('').trimEnd())
  }

  write(text: string): void {
    for (const [part, isPrivate, mode, set, parameters = '', command] of text.matchAll(SEQUENCE)) {
      if (isPrivate !== undefined) this.#set(Number(mode), set === 'h')
      else if (command !== undefined) this.#control(command, parameters)
      else this.#put(part)
    }
  }

  #set(mode: number, on: boolean): void {
    if (![7, 25, 1049, 2026].includes(mode)) throw new Error(`the terminal does not know mode ${mode}`)
    if (mode === 2026 && on) this.updates++
    if (mode === 1049) this.#clear()
    this.#modes.set(mode, on)
  }

  #control(command: string, parameters: string): void {
    const [row = 1, column = 1] = parameters.split(';').map((number) => (number === '' ? 1 : Number(number)))
    switch (command) {
      case 'H':
        if (row > this.#rows || column > this.#columns) this.overflows++
        this.#row = Math.min(this.#rows, row) - 1
        this.#column = Math.min(this.#columns, column) - 1
        return
      case 'K':
        if (parameters !== '') throw new Error(`the terminal does not know ESC [ ${parameters} K`)
        this.#cells[this.#row]?.fill(' ', Math.min(this.#column, this.#columns - 1))
        return
      case 'J':
        if (parameters !== '2') throw new Error(`the terminal does not know ESC [ ${parameters} J`)
        return this.#clear()
      case 'm':
        return
      default:
        throw new Error(`the terminal does not know ESC [ ${command}`)
    }
  }

  #put(character: string): void {
    if (/\p{Cc}/u.test(character)) throw new Error(`control character ${JSON.stringify(character)}`)
    const cells = this.#cells[this.#row]
    const width = this.#widthOf(character)
    if (cells === undefined) throw new Error('the cursor is below the screen')
    if (width === 0) {
      const before = Math.max(0, this.#column - 1)
      const at = cells[before] === '' ? before - 1 : before
      cells[at] = (cells[at] ?? '') + character
      return
    }
    if (this.#column + width > this.#columns) {
      this.overflows++
      return
    }
    cells[this.#column] = character
    if (width === 2) cells[this.#column + 1] = ''
    this.#column += width
  }

  #clear(): void {
    this.#cells = Array.from({ length: this.#rows }, () => Array.from({ length: this.#columns }, () => ' '))
  }
}
