// What each byte may be in the grammar of section 3. The grammar itself stands in parse.ts.

export const NUL = 0x00
export const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
export const COMMA = 0x2c
export const MINUS = 0x2d
export const ZERO = 0x30
export const COLON = 0x3a
export const DEL = 0x7f

/** Begins a command or a key: ALPHA. */
export const LETTER = 1
/** Stands in an argument: %x21-7E and every byte of a UTF-8 sequence. */
export const WORD = 2
/** Stands in a value: as in an argument, and SP and TAB. */
export const VALUE = 4
/** Stands in an Id (R2). */
export const ID = 8

/** The roles above that each byte has, as bits. */
export const ROLES = new Uint8Array(256)

/**
 * The upper-case form of each byte that a command or a key may hold, 0 for any other byte. ASCII only: nothing
 * outside of it ever folds into a name (the Kelvin sign is no K).
 */
export const FOLDED = new Uint8Array(256)

const between = (byte: number, first: string, last: string) => byte >= first.charCodeAt(0) && byte <= last.charCodeAt(0)

for (let byte = 0; byte < 256; byte++) {
  const upper = between(byte, 'A', 'Z')
  const lower = between(byte, 'a', 'z')
  const digit = between(byte, '0', '9')
  const dash = byte === MINUS || byte === 0x5f
  const word = byte > SPACE && byte !== DEL

  let roles = 0
  if (upper || lower) roles |= LETTER
  if (word) roles |= WORD
  if (word || byte === SPACE || byte === TAB) roles |= VALUE
  if (upper || lower || digit || dash || byte === COLON || byte === 0x2e) roles |= ID
  ROLES[byte] = roles
  if (upper || lower || digit || dash) FOLDED[byte] = lower ? byte - SPACE : byte
}

/** SP or TAB: the WSP of the grammar. */
export const isWhiteSpace = (byte: number | undefined): boolean => byte === SPACE || byte === TAB
