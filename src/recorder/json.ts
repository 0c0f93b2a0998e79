import * as characters from '../wire/characters.ts'
import type { Output } from '../wire/output.ts'
import type { Span } from '../wire/span.ts'
import { safeText } from './safe-json.ts'

// JSON of nothing but printable ASCII, put together as bytes: what is recorded has come as bytes, and leaves as bytes. By
// way of strings a MOVE takes three times as long.

const { CR, DEL, LF, SPACE } = characters
const QUOTE = 0x22
const BACKSLASH = 0x5c
const POINT = 0x2e
const SMALL_R = 0x72
const SMALL_N = 0x6e
const MAX_INT32 = 0x7fffffff
const NANOSECONDS_PER_MILLISECOND = 1e6

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The byte stands as it is. */
const NONE = 0
/** It is to be escaped in more than two bytes, or together with others. */
const LONG = 1
/** What stands behind a backslash in place of each byte. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => escapeOf(byte))

function escapeOf(byte: number): number {
  if (byte === CR) return SMALL_R
  if (byte === LF) return SMALL_N
  if (byte === QUOTE || byte === BACKSLASH) return byte
  return byte >= SPACE && byte < DEL ? NONE : LONG
}

/** Appends some dozens of characters of printable ASCII, for which it pays to have Node write them. */
export function writeAscii(to: Output, text: string): void {
  to.endAt(to.length + to.room(text.length).write(text, to.length, 'latin1'))
}

/** Appends a text, or the UTF-8 of one, as a string in quotes. */
export function writeString(to: Output, text: string | Span): void {
  if (typeof text === 'string') return writeAscii(to, `"${safeText(text)}"`)
  const { bytes: source, start, end } = text
  // Of what is not LONG two bytes are made at the most.
  const target = to.room((end - start) * 2 + 2)
  let at = to.length
  target[at++] = QUOTE
  for (let i = start; i < end; i++) {
    const byte = source[i] as number
    const behind = ESCAPES[byte] as number
    if (behind === NONE) {
      target[at++] = byte
      continue
    }
    if (behind === LONG) {
      to.endAt(at)
      return writeAscii(to, `${safeText(decoder.decode(source.subarray(i, end)))}"`)
    }
    target[at++] = BACKSLASH
    target[at++] = behind
  }
  target[at++] = QUOTE
  to.endAt(at)
}

/** Appends milliseconds. As a rule they are whole nanoseconds, and to write these takes a third of the time. */
export function writeMilliseconds(to: Output, ms: number): void {
  const whole = Math.trunc(ms)
  let fraction = Math.round((ms - whole) * NANOSECONDS_PER_MILLISECOND)
  let scale = NANOSECONDS_PER_MILLISECOND
  // What is none, or too large to be told exactly so, is written as it is.
  if (!(ms >= 0 && ms < MAX_INT32) || whole + fraction / scale !== ms) return to.text(String(ms))
  to.integer(whole)
  if (fraction === 0) return
  for (; fraction % 10 === 0; fraction /= 10) scale /= 10
  const point = to.length
  // The leading 1 keeps the zeros behind it.
  to.integer(scale + fraction)
  to.patch(point, POINT)
}
