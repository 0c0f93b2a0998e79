/** A character, and how many cells of the terminal it takes at most. */
export interface Glyph {
  readonly text: string
  readonly cells: number
}

const ESC = '\x1b'
/** What sets colours and weight, the only escape sequence that a line may hold; or else one character. */
const PIECES = new RegExp(`(${ESC}\\[[\\d;]*m)|[^]`, 'gu')
const PLAIN = `${ESC}[m`
/** Takes no place of its own, and has terminals disagree on the place that its neighbours take. */
const UNSEEN = /^[\p{Cf}\p{Default_Ignorable_Code_Point}]$/u
/** Moves the cursor, or is no character at all. */
const HARMFUL = /^[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]$/u
/** Takes one cell or none, as all terminals agree: no East Asian letters before U+1100, and no emoji in what we draw. */
const NARROW = new RegExp(
  '^[ -\\u10ff\\u1e00-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u2070-\\u22ff\\u2302\\u2500-\\u25a9' +
    '\\u25ac-\\u25b5\\u25b7-\\u25bf\\u25c1-\\u25fa\\u2800-\\u28ff]$',
  'u',
)
/** Joins the character before it, and at the beginning of a text one that is not of that text. */
const MARK = /^\p{M}$/u
const ASCII = /^[ -~]$/
const REPLACEMENT: Glyph = { text: '?', cells: 1 }

/**
 * The characters of a text, such that no terminal obeys one, and that together they take no more cells than they say
 * (they may take fewer: a combining mark counts as one cell, and all that some terminal might draw wide as two).
 */
export function* glyphsOf(text: string, unicode = true): Generator<Glyph> {
  let hasBegun = false
  for (const character of text.normalize('NFC')) {
    const glyph = glyphOf(character, unicode)
    if (glyph === undefined || (!hasBegun && MARK.test(character))) continue
    hasBegun = true
    yield glyph
  }
}

/** How many cells a text takes at most. */
export const cellsOf = (text: string): number => [...glyphsOf(text)].reduce((sum, { cells }) => sum + cells, 0)

/** As much of a line with its colours as some columns hold, and how many of them it takes. */
export function fitLine(line: string, columns: number): { readonly text: string; readonly cells: number } {
  let text = ''
  let cells = 0
  for (const [piece, style] of line.matchAll(PIECES)) {
    if (style !== undefined) text += style
    else {
      const glyph = glyphOf(piece, true)
      if (glyph === undefined) continue
      if (cells + glyph.cells > columns) break
      text += glyph.text
      cells += glyph.cells
    }
  }
  return { text: text.includes(ESC) && !text.endsWith(PLAIN) ? `${text}${PLAIN}` : text, cells }
}

function glyphOf(character: string, unicode: boolean): Glyph | undefined {
  if (ASCII.test(character)) return { text: character, cells: 1 }
  if (character === '\t') return { text: ' ', cells: 1 }
  if (HARMFUL.test(character)) return REPLACEMENT
  if (UNSEEN.test(character)) return undefined
  if (!unicode) return REPLACEMENT
  return { text: character, cells: NARROW.test(character) ? 1 : 2 }
}
