// What is constant in the replies to a command, made ready to be copied.

/** The most bytes that are touched for an integer of 32 bits: its sign, and four for the last three digits. */
export const MAX_INT32_BYTES = 12
export const WORD_BYTES = 8

const encoder = new TextEncoder()

/**
 * A text of ASCII that is written again and again. It is kept in words of eight bytes, since to copy those costs an
 * eighth of what bytes cost; as fractions, of which ASCII makes none that is not a number, and so might be changed.
 */
export interface Constant {
  readonly words: Float64Array
  readonly length: number
}

/**
 * Texts, and a value behind each but the last. All of it lies in two arrays of numbers: with an object for each text
 * the reply to a MOVE takes 135 ns in place of 100, once replies of several kinds have been written.
 */
export interface Template {
  /** The texts, each begun in a new word. */
  readonly words: Float64Array
  /** PIECE_FIELDS integers a text: how long it is, and the place of the value behind it, or NO_VALUE. */
  readonly pieces: Int32Array
  /** The most it takes where all of its values are integers of 32 bits, in bytes. */
  readonly maxBytes: number
}

export const PIECE_FIELDS = 2
export const NO_VALUE = -1
/** In place of a value: the Id of the message that is answered. */
export const THE_ID = -2

export function template(
  pieces: readonly { readonly text: string; readonly value: number }[],
  after: string,
): Template {
  const all = [...pieces, { text: after, value: NO_VALUE }].map(({ text, value }) => ({ ...constant(text), value }))
  const words = all.flatMap(({ words }) => [...words])
  return {
    words: Float64Array.from(words),
    pieces: Int32Array.from(all.flatMap(({ length, value }) => [length, value])),
    maxBytes: words.length * WORD_BYTES + pieces.length * MAX_INT32_BYTES,
  }
}

export function constant(text: string): Constant {
  const bytes = encoder.encode(text)
  const words = new Float64Array(Math.ceil(bytes.length / WORD_BYTES))
  const view = new DataView(words.buffer)
  for (const [at, byte] of bytes.entries()) view.setUint8(at, byte)
  for (let at = 0; at < words.length; at++) words[at] = view.getFloat64(at * WORD_BYTES, true)
  return { words, length: bytes.length }
}
