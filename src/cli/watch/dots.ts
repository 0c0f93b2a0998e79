/** How many dots a cell holds, and the character for each set of them. */
interface DotSet {
  readonly across: number
  readonly along: number
  /** The bit of each dot, by row from above, then by column. */
  readonly bits: readonly (readonly number[])[]
  readonly character: (bits: number) => string
}

const BRAILLE_START = 0x2800
/** The dots of U+2800..28FF are numbered down the left column, then the right, and the lowest two last. */
const BRAILLE: DotSet = {
  across: 2,
  along: 4,
  bits: [
    [0x01, 0x08],
    [0x02, 0x10],
    [0x04, 0x20],
    [0x40, 0x80],
  ],
  character: (bits) => String.fromCodePoint(BRAILLE_START + bits),
}
const ASCII: DotSet = { across: 1, along: 2, bits: [[1], [2]], character: (bits) => " '.:"[bits] ?? ' ' }

/** A place in cells from the left edge and from the lower. */
export interface CellPlace {
  readonly right: number
  readonly up: number
}

/** A drawing in dots that are smaller than cells. */
export class Dots {
  readonly #columns: number
  readonly #rows: number
  readonly #set: DotSet
  readonly #bits: Uint8Array

  constructor(columns: number, rows: number, unicode: boolean) {
    this.#columns = columns
    this.#rows = rows
    this.#set = unicode ? BRAILLE : ASCII
    this.#bits = new Uint8Array(columns * rows)
  }

  /** A straight line, both ends included. */
  line(from: CellPlace, to: CellPlace): void {
    const [start, end] = [this.#dotAt(from), this.#dotAt(to)]
    const steps = Math.max(Math.abs(end.x - start.x), Math.abs(end.y - start.y), 1)
    for (let step = 0; step <= steps; step++) {
      const part = step / steps
      this.#mark(Math.round(start.x + (end.x - start.x) * part), Math.round(start.y + (end.y - start.y) * part))
    }
  }

  /** Every cell with a dot in it, rows counted from above. */
  *cells(): Generator<{ readonly column: number; readonly row: number; readonly character: string }> {
    for (const [index, bits] of this.#bits.entries()) {
      if (bits === 0) continue
      const column = index % this.#columns
      yield { column, row: (index - column) / this.#columns, character: this.#set.character(bits) }
    }
  }

  /** The dot of a place, or the nearest that there is: a line is never longer than the drawing. */
  #dotAt({ right, up }: CellPlace) {
    const { across, along } = this.#set
    return {
      x: clamp(Math.floor(right * across), this.#columns * across - 1),
      y: clamp(Math.floor((this.#rows - up) * along), this.#rows * along - 1),
    }
  }

  #mark(x: number, y: number): void {
    const { across, along, bits } = this.#set
    const index = Math.floor(y / along) * this.#columns + Math.floor(x / across)
    this.#bits[index] = (this.#bits[index] ?? 0) | (bits[y % along]?.[x % across] ?? 0)
  }
}

const clamp = (value: number, max: number): number => Math.min(max, Math.max(0, value))
