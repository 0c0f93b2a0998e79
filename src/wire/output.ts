import { Buffer } from 'node:buffer'
import * as characters from './characters.ts'
import type { WithId } from './message.ts'
import type { Span } from './span.ts'
import * as templates from './template.ts'

const { DEL, MINUS, SPACE, TAB } = characters
const { MAX_INT32_BYTES, NO_VALUE, PIECE_FIELDS, WORD_BYTES } = templates

/** The size of a new buffer, in bytes; one that a reply does not fit into doubles. */
const INITIAL_BYTES = 64 * 1024
const MIN_INT32 = -0x80000000

const encoder = new TextEncoder()

const LENGTH_SHIFT = 24
/**
 * The integers below 1,000 as they are written: up to three digits in the low bytes of a word, and how many these are
 * in the highest. So one is written at once: 11 ns less than digit by digit for the four in the reply to a MOVE.
 */
const SMALL_INTEGERS = Int32Array.from({ length: 1000 }, (_, value) => wordOf(String(value)))
/** The same with leading zeros, as they stand behind thousands. */
const THREE_DIGITS = Int32Array.from({ length: 1000 }, (_, value) => wordOf(String(value).padStart(3, '0')))

/**
 * Collects outgoing bytes, so that the replies of one read leave in one write. Server connections share one: it is
 * empty again before the next one's bytes are looked at.
 */
export class Output {
  readonly #initialBytes: number
  #bytes: Buffer
  #view: DataView
  #length = 0
  /** How many were taken so far. */
  takenBytes = 0
  /** What was taken last, for replies of the same length: to make it anew is 60 ns of a MOVE that comes alone. */
  #taken: Uint8Array = new Uint8Array(0)

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
    if (this.#taken.length !== this.#length) this.#taken = this.#bytes.subarray(0, this.#length)
    this.takenBytes += this.#length
    this.#length = 0
    return this.#taken
  }

  /** Leaves the bytes that were taken to the taker. */
  disown(): void {
    this.#use(Buffer.allocUnsafeSlow(this.#initialBytes))
  }

  /** Appends bytes that are known to be clean. */
  bytes(source: Uint8Array): void {
    this.range(source, 0, source.length)
  }

  constant({ words, length }: templates.Constant): void {
    // The last word may reach beyond the text: what it leaves there is overwritten by what comes next.
    this.#reserve(words.length * WORD_BYTES)
    const view = this.#view
    const start = this.#length
    for (let i = 0; i < words.length; i++) view.setFloat64(start + i * WORD_BYTES, words[i] as number, true)
    this.#length = start + length
  }

  /** Appends a template with its values, and an Id: in one loop, with room made for all of it at once. */
  template(
    { words, pieces, maxBytes }: templates.Template,
    values: readonly (number | string | undefined)[],
    answered?: WithId,
  ): void {
    const room = maxBytes + (answered === undefined ? 0 : answered.idEnd - answered.idStart)
    this.#reserve(room)
    let at = this.#length
    let word = 0
    for (let piece = 0; ; piece += PIECE_FIELDS) {
      const view = this.#view
      const end = at + (pieces[piece] as number)
      for (; at < end; at += WORD_BYTES) view.setFloat64(at, words[word++] as number, true)
      at = end
      const place = pieces[piece + 1] as number
      if (place < 0) {
        if (place === NO_VALUE) break
        at = this.#id(answered as WithId, at)
        continue
      }
      const value = values[place]
      if (isInt32(value)) {
        at = this.#int32(value, at)
        continue
      }
      this.#length = at
      if (typeof value === 'number') this.#longInteger(value)
      else this.text(value as string)
      this.#reserve(room)
      at = this.#length
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

  /** Writes an Id where there is room for it, and returns where it ends. */
  #id({ bytes, idStart, idEnd }: WithId, start: number): number {
    const target = this.#bytes
    let at = start
    for (let i = idStart; i < idEnd; i++) target[at++] = bytes[i] as number
    return at
  }

  integer(value: number): void {
    if (!isInt32(value)) return this.#longInteger(value)
    this.#reserve(MAX_INT32_BYTES)
    this.#length = this.#int32(value, this.#length)
  }

  /** Writes an integer of 32 bits where there is room for MAX_INT32_BYTES, and returns where it ends. */
  #int32(value: number, start: number): number {
    let at = start
    let rest = value
    if (value < 0) {
      this.#bytes[at++] = MINUS
      rest = -value
    }
    if (rest >= SMALL_INTEGERS.length) {
      const thousands = (rest / 1000) | 0
      at = this.#int32(thousands, at)
      this.#view.setInt32(at, THREE_DIGITS[rest - thousands * 1000] as number, true)
      return at + 3
    }
    const word = SMALL_INTEGERS[rest] as number
    this.#view.setInt32(at, word, true)
    return at + (word >>> LENGTH_SHIFT)
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

  /** What was appended since the length was `from`: valid until more is. */
  since(from: number): Span {
    return { bytes: this.#bytes, start: from, end: this.#length }
  }

  /** Room for so many bytes more, from `length` on, for who writes there and then says by `endAt` how far. */
  room(count: number): Buffer {
    this.#reserve(count)
    return this.#bytes
  }

  /** What was appended ends there: behind what was written into the room, or before a message that was not finished. */
  endAt(length: number): void {
    this.#length = length
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#bytes.length) this.#grow(count)
  }

  #grow(count: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#use(grown)
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#taken = bytes.subarray(0, 0)
  }
}

function wordOf(text: string): number {
  const digits = encoder.encode(text)
  return digits.reduceRight((word, digit) => (word << 8) | digit, 0) | (digits.length << LENGTH_SHIFT)
}

/** Whether 32-bit arithmetic finds its digits: of -2147483648 it would not. */
const isInt32 = (value: number | string | undefined): value is number =>
  typeof value === 'number' && value === (value | 0) && value !== MIN_INT32

const viewOf = ({ buffer }: Uint8Array): DataView => new DataView(buffer)
