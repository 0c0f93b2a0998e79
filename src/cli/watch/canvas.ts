import { type Glyph, glyphsOf } from './glyphs.ts'

interface Cell {
  /** Empty where the character before it takes this cell, too. */
  text: string
  style: string
}

/** A text with how it looks. */
export type Segment = readonly [text: string, style?: string]

const PLAIN = ''
const styled = (style: string): string => (style === PLAIN ? '\x1b[m' : `\x1b[0;${style}m`)

/** Cells to draw on. What does not fit is cut off. */
export class Canvas {
  readonly columns: number
  readonly rows: number
  readonly unicode: boolean
  readonly #cells: readonly (readonly Cell[])[]

  constructor(columns: number, rows: number, unicode: boolean) {
    this.columns = columns
    this.rows = rows
    this.unicode = unicode
    this.#cells = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ text: ' ', style: PLAIN })),
    )
  }

  /**
   * Writes a text, up to a column. One that may be narrower than it is measured moves what stands behind it, so that
   * such texts are the last of their rows.
   */
  put(row: number, column: number, text: string, style: string = PLAIN, end = this.columns): number {
    const limit = Math.min(end, this.columns)
    let at = column
    for (const glyph of glyphsOf(text, this.unicode)) {
      if (at + glyph.cells > limit) break
      this.#set(row, at, glyph, style)
      at += glyph.cells
    }
    return at
  }

  /** Writes texts one behind the other. Where they do not fit, the last that shows is an ellipsis. */
  putSegments(row: number, column: number, segments: readonly Segment[], end = this.columns): void {
    const limit = Math.min(end, this.columns)
    const glyphs = segments.flatMap(([text, style = PLAIN]) =>
      [...glyphsOf(text, this.unicode)].map((glyph) => ({ ...glyph, style })),
    )
    const cells = glyphs.reduce((sum, glyph) => sum + glyph.cells, 0)
    const cut = cells > limit - column
    let at = column
    for (const glyph of glyphs) {
      if (at + glyph.cells > limit - (cut ? 1 : 0)) break
      this.#set(row, at, glyph, glyph.style)
      at += glyph.cells
    }
    if (cut) this.put(row, at, this.unicode ? '…' : '~', PLAIN, limit)
  }

  /** The rows as lines, without the blanks at their ends. */
  lines(color: boolean): string[] {
    return this.#cells.map((cells) => {
      const end = cells.findLastIndex(({ text, style }) => text !== ' ' || (color && style !== PLAIN)) + 1
      let line = ''
      let current: string = PLAIN
      for (const { text, style } of cells.slice(0, end)) {
        if (color && style !== current) {
          line += styled(style)
          current = style
        }
        line += text
      }
      return current === PLAIN ? line : line + styled(PLAIN)
    })
  }

  #set(row: number, column: number, { text, cells }: Glyph, style: string): void {
    for (let at = column; at < column + cells; at++) {
      const cell = this.#cells[row]?.[at]
      if (cell === undefined) continue
      cell.text = at === column ? text : ''
      cell.style = style
    }
  }
}
