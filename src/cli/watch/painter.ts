import { fitLine } from './glyphs.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

const CSI = '\x1b['
/** A terminal that knows this mode shows what is written within it at once; others ignore it. */
const BEGIN_UPDATE = `${CSI}?2026h`
const END_UPDATE = `${CSI}?2026l`
/** The alternate screen, no cursor, and no wrapping: what is too wide after all is cut off at the edge. */
const ENTER = `${CSI}?1049h${CSI}?25l${CSI}?7l${CSI}2J`
const LEAVE = `${CSI}m${CSI}?7h${CSI}?25h${CSI}?1049l`
const ERASE_REST = `${CSI}K`

/** What to write to a terminal for it to show one frame after another. */
export class Painter {
  #isTaken = false
  /** What the terminal shows, unless that is unknown. */
  #shown: readonly string[] | undefined
  #size: TerminalSize = { columns: 0, rows: 0 }

  /** Takes the terminal, if need be, and changes the lines that are not as they were; '' where all are. */
  paint(lines: readonly string[], { columns, rows }: TerminalSize): string {
    if (columns !== this.#size.columns || rows !== this.#size.rows) this.forget()
    const next = Array.from({ length: rows }, (_, row) => lines[row] ?? '')
    const changes = next.map((line, row) => (line === this.#shown?.[row] ? '' : drawn(line, row, columns))).join('')
    const entry = this.#isTaken ? '' : ENTER
    this.#isTaken = true
    this.#shown = next
    this.#size = { columns, rows }
    return changes === '' ? entry : `${entry}${BEGIN_UPDATE}${changes}${END_UPDATE}`
  }

  /** The terminal may show anything now: its size has changed, even if back to what it was; the next frame is whole. */
  forget(): void {
    this.#shown = undefined
  }

  /** Gives the terminal back as it was; '' where it is not taken. The next frame takes it again. */
  leave(): string {
    if (!this.#isTaken) return ''
    this.#isTaken = false
    this.forget()
    return LEAVE
  }
}

function drawn(line: string, row: number, columns: number): string {
  const { text, cells } = fitLine(line, columns)
  const start = `${CSI}${row + 1};1H`
  // Behind the last column the cursor stays on it, and to erase from there would erase that.
  return cells < columns ? `${start}${text}${ERASE_REST}` : `${start}${ERASE_REST}${text}`
}
