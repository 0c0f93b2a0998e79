/** What XML 1.0 has no place for, what would end a line, and what turns the direction of a text. */
const NO_TEXT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])
/** About what a character is wide, in em: a narrow one, and one of the east. */
const NARROW_EM = 0.58
const WIDE_EM = 1.1
const FIRST_WIDE = 0x1100

/** Any text as XML may hold it, in an element or in an attribute. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(NO_TEXT, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character) ?? '')

/** About how wide a text is, in px. */
export const widthOf = (text: string, fontPx: number): number =>
  [...text].reduce((sum, character) => sum + emOf(character), 0) * fontPx

/** As much of a text as there is room for. */
export function fitted(text: string, fontPx: number, roomPx: number): string {
  let width = 0
  let fitting = ''
  for (const character of text) {
    width += emOf(character) * fontPx
    if (width > roomPx) return `${fitting}…`
    fitting += character
  }
  return text
}

const emOf = (character: string): number => ((character.codePointAt(0) ?? 0) < FIRST_WIDE ? NARROW_EM : WIDE_EM)

/** A place in the picture, to a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10 + 0)
