import { type Glyph, glyphsOf } from './glyphs.ts'

/** A text in two rows, the first of at most so many columns, and broken between words where it has some. */
export function inTwoRows(text: string, columns: number, unicode: boolean): readonly [string, string] {
  const glyphs = [...glyphsOf(text, unicode)]
  let used = 0
  const over = glyphs.findIndex(({ cells }) => {
    used += cells
    return used > columns
  })
  if (over === -1) return [joined(glyphs), '']
  const blank = glyphs.slice(0, over + 1).findLastIndex((glyph) => glyph.text === ' ')
  const end = blank > 0 ? blank : over
  return [joined(glyphs.slice(0, end)), joined(glyphs.slice(end)).trimStart()]
}

const joined = (glyphs: readonly Glyph[]): string => glyphs.map(({ text }) => text).join('')
