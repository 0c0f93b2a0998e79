import { Buffer } from 'node:buffer'
import * as characters from './characters.ts'

const { DEL, MINUS, SPACE, TAB, ZERO } = characters

/** The size of a new buffer, in bytes; one that a reply does not fit into doubles. */
const INITIAL_BYTES = 64 * 1024
const MIN_INT32 = -0x80000000
/** The most bytes of an integer of 32 bits, its sign included. */
const MAX_INT32_BYTES = 11

const WORD_BYTES = 4

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const LENGTH_SHIFT = 24
/**
 * The integers below 1,000 as they are written: up to three digits in the low bytes of a word, and how many these are
 * in the highest. So one is written at once: 11 ns less than digit by digit for the four in the reply to a MOVE.
 */
const SMALL_INTEGERS = Int32Array.from({ length: 1000 }, (_, value) => smallInteger(value))

/**
 * A text that is written again and again. It is kept in words of four bytes, since to copy those costs a quarter of
 * what bytes cost: 5 ns for the 13 of `OK MOVING_TO(`.
 */
export interface Constant {
  readonly words: Int32Array
  readonly length: number
}

/**
 * Texts, and a value behind each but the last. All of it lies in two arrays of integers: with an object for each text
 * the reply to a MOVE takes 135 ns in place of 100, once replies of several kinds have been written.
 */
export interface Template {
  /** The texts, each begun in a new word. */
  readonly words: Int32Array
  /** PIECE_FIELDS integers a text: how long it is, and the place of the value behind it, or NO_VALUE. */
  readonly pieces: Int32Array
  /** The most it takes where all of its values are integers of 32 bits, in bytes. */
  readonly maxBytes: number
}

const PIECE_FIELDS = 2
const NO_VALUE = -1

export function template(
  pieces: readonly { readonly text: string; readonly value: number }[],
  after: string,
): Template {
  const all = [...pieces, { text: after, value: NO_VALUE }].map(({ text, value }) => ({ ...constant(text), value }))
  const words = all.flatMap(({ words }) => [...words])
  return {
    words: Int32Array.from(words),
    pieces: Int32Array.from(all.flatMap(({ length, value }) => [length, value])),
    maxBytes: words.length * WORD_BYTES + pieces.length * MAX_INT32_BYTES,
  }
}

export function constant(text: string): Constant {
  const bytes = encoder.encode(text)
  const words = new Int32Array(Math.ceil(bytes.length / WORD_BYTES))
  const view = new DataView(words.buffer)
  for (const [at, byte] of bytes.entries()) view.setUint8(at, byte)
  for (let at = 0; at < words.length; at++) words[at] = view.getInt32(at * WORD_BYTES, true)
  return { words, length: bytes.length }
}

/**
 * Collects outgoing bytes, so that the replies of one read leave in one write. Server connections share one: it is
 * empty again before the next one's bytes are looked at.
 */
export class Output {
  readonly #initialBytes: number
  #bytes: Uint8Array
  #view: DataView
  #length = 0

  constructor(initialBytes = INITIAL_BYTES) {
    this.#initialBytes = initialBytes
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes)
    this.#view = viewOf(this.#bytes)
  }

  get length(): number {
    return this.#length
  }

  /**
   * What was collected, which begins anew. The bytes are overwritten by what comes next: a taker that has not passed
   * them on by then calls `disown` first.
   */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }

  /** Leaves the bytes that were taken to the taker. */
  disown(): void {
    this.#bytes = Buffer.allocUnsafeSlow(this.#initialBytes)
    this.#view = viewOf(this.#bytes)
  }

  /** Appends bytes that are known to be clean. */
  bytes(source: Uint8Array): void {
    this.range(source, 0, source.length)
  }

  constant({ words, length }: Constant): void {
    // The last word may reach beyond the text: what it leaves there is overwritten by what comes next.
    this.#reserve(words.length * WORD_BYTES)
    const view = this.#view
    const start = this.#length
    for (let i = 0; i < words.length; i++) view.setInt32(start + i * WORD_BYTES, words[i] as number, true)
    this.#length = start + length
  }

  /** Appends a template with its values: in one loop, with room made for all of it at once. */
  template({ words, pieces, maxBytes }: Template, values: readonly (number | string | undefined)[]): void {
    this.#reserve(maxBytes)
    let at = this.#length
    let word = 0
    for (let piece = 0; ; piece += PIECE_FIELDS) {
      const view = this.#view
      const end = at + (pieces[piece] as number)
      for (; at < end; at += WORD_BYTES) view.setInt32(at, words[word++] as number, true)
      at = end
      const place = pieces[piece + 1] as number
      if (place === NO_VALUE) break
      const value = values[place]
      if (isInt32(value)) {
        at = this.#int32(value, at)
      } else {
        this.#length = at
        if (typeof value === 'number') this.#longInteger(value)
        else this.text(value as string)
        this.#reserve(maxBytes)
        at = this.#length
      }
    }
    this.#length = at
  }

  /** Appends a part of such bytes. */
  range(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start)
    let length = this.#length
    const target = this.#bytes
    // A loop: for the few bytes of a name, `set` costs more than it copies.
    for (let i = start; i < end; i++) target[length++] = source[i] as number
    this.#length = length
  }

  integer(value: number): void {
    if (!isInt32(value)) return this.#longInteger(value)
    this.#reserve(MAX_INT32_BYTES)
    this.#length = this.#int32(value, this.#length)
  }

  /** Writes an integer of 32 bits where there is room for MAX_INT32_BYTES, and returns where it ends. */
  #int32(value: number, start: number): number {
    if (value < 0 || value >= SMALL_INTEGERS.length) return this.#digits(value, start)
    const word = SMALL_INTEGERS[value] as number
    this.#view.setInt32(start, word, true)
    return start + (word >>> LENGTH_SHIFT)
  }

  #digits(value: number, start: number): number {
    const target = this.#bytes
    let end = start + 1
    let rest = value
    if (value < 0) {
      target[start] = MINUS
      end++
      rest = -value
    }
    for (let tens = rest; tens >= 10; tens = (tens / 10) | 0) end++
    let at = end
    do {
      const tens = (rest / 10) | 0
      target[--at] = ZERO + rest - tens * 10
      rest = tens
    } while (rest > 0)
    return end
  }

  #longInteger(value: number): void {
    if (!Number.isSafeInteger(value)) throw new TypeError(`An integer on the wire is a safe integer, not ${value}`)
    this.text(String(value))
  }

  /** Appends a string as UTF-8. Throws a TypeError at a control character that no field of a message can hold (R4). */
  text(value: string): void {
    // Three bytes at the most for each UTF-16 unit.
    this.#reserve(value.length * 3)
    const target = this.#bytes
    let length = this.#length
    let isAscii = true
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if ((unit < SPACE && unit !== TAB) || unit === DEL)
        throw new TypeError('A field holds no control character but TAB')
      if (unit >= 0x80) isAscii = false
      target[length++] = unit
    }
    this.#length = isAscii ? length : this.#length + encoder.encodeInto(value, target.subarray(this.#length)).written
  }

  /** Overwrites a byte that stands at `at` already, with the low bits of a value. */
  patch(at: number, value: number): void {
    this.#bytes[at] = value
  }

  /** What was appended since the length was `from`. */
  textFrom(from: number): string {
    return decoder.decode(this.#bytes.subarray(from, this.#length))
  }

  /** Forgets what was appended since the length was `length`: a message that could not be finished. */
  rewind(length: number): void {
    this.#length = length
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#bytes.length) this.#grow(count)
  }

  #grow(count: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = viewOf(grown)
  }
}

function smallInteger(value: number): number {
  const digits = encoder.encode(String(value))
  return digits.reduceRight((word, digit) => (word << 8) | digit, 0) | (digits.length << LENGTH_SHIFT)
}

/** Whether 32-bit arithmetic finds its digits: of -2147483648 it would not. */
const isInt32 = (value: number | string | undefined): value is number =>
  typeof value === 'number' && value === (value | 0) && value !== MIN_INT32

const viewOf = ({ buffer }: Uint8Array): DataView => new DataView(buffer)
