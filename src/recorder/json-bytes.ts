import * as characters from '../wire/characters.ts'
import type { Span } from '../wire/span.ts'
import { safeText } from './safe-json.ts'

const { CR, DEL, LF, SPACE, ZERO } = characters
const QUOTE = 0x22
const BACKSLASH = 0x5c
const POINT = 0x2e
const MAX_INT32 = 0x7fffffff
const MAX_DIGITS = 10
const SMALL_R = 0x72
const SMALL_N = 0x6e

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * JSON of nothing but printable ASCII, put together as bytes: what is recorded has come as bytes, and leaves as bytes.
 * By way of strings a MOVE takes three times as long.
 */
export class JsonBytes {
  bytes: Buffer
  length = 0

  constructor(room: number) {
    this.bytes = Buffer.allocUnsafeSlow(room)
  }

  /** Appends what is printable ASCII already. */
  ascii(text: string): void {
    this.#reserve(text.length)
    const { bytes } = this
    let { length } = this
    for (let i = 0; i < text.length; i++) bytes[length++] = text.charCodeAt(i)
    this.length = length
  }

  /** The same of what is at hand as bytes. */
  constant(text: Uint8Array): void {
    this.range(text, 0, text.length)
  }

  /** The same of a part of some bytes. */
  range(text: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start)
    const { bytes } = this
    let { length } = this
    for (let i = start; i < end; i++) bytes[length++] = text[i] as number
    this.length = length
  }

  /** The same of some dozens of characters, for which it pays to have Node write them. */
  word(text: string): void {
    this.#reserve(text.length)
    this.length += this.bytes.write(text, this.length, 'latin1')
  }

  integer(value: number): void {
    if (value < 0 || value > MAX_INT32) return this.ascii(String(value))
    this.#reserve(MAX_DIGITS)
    let end = this.length + 1
    for (let tens = value; tens >= 10; tens = (tens / 10) | 0) end++
    let at = end
    this.length = end
    let rest = value
    do {
      const tens = (rest / 10) | 0
      this.bytes[--at] = ZERO + rest - tens * 10
      rest = tens
    } while (rest > 0)
  }

  /** Appends milliseconds. As a rule they are whole nanoseconds, and to write these takes a third of the time. */
  milliseconds(value: number): void {
    const whole = Math.trunc(value)
    const fraction = Math.round((value - whole) * 1e6)
    // What is none, or too large to be told exactly so, is written as it is.
    if (!(value >= 0 && value < MAX_INT32) || whole + fraction / 1e6 !== value) return this.ascii(String(value))
    this.integer(whole)
    if (fraction === 0) return
    const start = this.length
    this.integer(1e6 + fraction)
    // The leading 1 keeps the zeros behind it.
    this.bytes[start] = POINT
    while (this.bytes[this.length - 1] === ZERO) this.length--
  }

  /** Appends a text, or the UTF-8 of one, as a string in quotes. */
  string(text: string | Span): void {
    this.#byte(QUOTE)
    if (typeof text === 'string') this.ascii(safeText(text))
    else this.#utf8(text)
    this.#byte(QUOTE)
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = byte
  }

  #utf8({ bytes: text, start, end }: Span): void {
    // Of a line end two bytes are made of each.
    this.#reserve((end - start) * 2)
    const { bytes } = this
    let { length } = this
    for (let i = start; i < end; i++) {
      const byte = text[i] as number
      if (byte >= SPACE && byte < DEL && byte !== QUOTE && byte !== BACKSLASH) {
        bytes[length++] = byte
      } else if (byte === CR || byte === LF) {
        bytes[length++] = BACKSLASH
        bytes[length++] = byte === CR ? SMALL_R : SMALL_N
      } else {
        this.length = length
        return this.ascii(safeText(decoder.decode(text.subarray(i, end))))
      }
    }
    this.length = length
  }

  #reserve(bytes: number): void {
    const { length } = this.bytes
    if (this.length + bytes <= length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(length * 2, this.length + bytes))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
