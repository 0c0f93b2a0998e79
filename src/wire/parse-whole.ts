import * as characters from './characters.ts'
import * as limits from './limits.ts'
import { HEADER_FIELDS, type Message } from './message.ts'
import * as names from './names.ts'

const { CR, LF, SPACE, TAB, COLON, DEL, fold, isLetter, isNameByte } = characters
const { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES } = limits
const FIELDS = HEADER_FIELDS
const { hashStep } = names

/** To look at four bytes at a time takes 100 ns of preparation: it pays for values of more bytes than this. */
const LONG_BYTES = 64
const FOUR_SPACES = 0x20202020
const FOUR_ONES = 0x01010101
const FOUR_HIGH_BITS = 0x80808080

/**
 * Reads the message at `start`, whose end nobody has looked for yet, in one pass: what most clients send most of the
 * time, a MOVE in 60 ns, where to find its end and `parse` take 190. It knows one way to write a message: lines that
 * end with CR LF, ASCII, one space between words, no mistakes. A test holds it to say of those what `parse` says.
 *
 * @returns whether there is such a message before `limit`. If not, the view is left in any state, and `parse` decides.
 */
export function parseWhole(bytes: Uint8Array, start: number, limit: number, message: Message): boolean {
  message.clear(bytes)
  let at = start
  let hash = 0
  if (!isLetter(bytes[at] as number)) return false
  // Most names are letters alone: to ask no more of each byte, nor of the one behind, is 12 ns of a MOVE.
  for (; at < limit && isLetter(bytes[at] as number); at++) hash = hashStep(hash, fold(bytes[at] as number))
  if (at < limit && bytes[at] !== CR) {
    for (; at < limit && isNameByte(bytes[at] as number); at++) hash = hashStep(hash, fold(bytes[at] as number))
  }
  if (at - start > MAX_COMMAND_BYTES) return false
  message.setCommand(start, at, hash)
  while (bytes[at] === SPACE) {
    const end = afterWord(bytes, at + 1, limit)
    // More spaces, or none in front of a word.
    if (end === at + 1) return false
    message.addArgument(at + 1, end)
    at = end
  }

  const { headers } = message
  let count = 0
  for (let field = 0; ; field += FIELDS) {
    if (at + 2 > limit || bytes[at] !== CR || bytes[at + 1] !== LF) return false
    at += 2
    if (at < limit && bytes[at] === CR) break
    const keyStart = at
    if (count === MAX_HEADERS || at >= limit || !isLetter(bytes[at] as number)) return false
    hash = 0
    for (; at < limit && isLetter(bytes[at] as number); at++) hash = hashStep(hash, fold(bytes[at] as number))
    if (at < limit && bytes[at] !== COLON) {
      for (; at < limit && isNameByte(bytes[at] as number); at++) hash = hashStep(hash, fold(bytes[at] as number))
    }
    const keyEnd = at
    if (at >= limit || bytes[at] !== COLON || keyEnd - keyStart > MAX_KEY_BYTES) return false
    do at++
    while (at < limit && (bytes[at] === SPACE || bytes[at] === TAB))
    const valueStart = at
    const soon = Math.min(limit, at + LONG_BYTES)
    while (at < soon && isPlain(bytes[at] as number)) at++
    if (at === soon) at = afterPlain(bytes, at, limit)
    let valueEnd = at
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd--
    // Two keys with one hash are two of a kind, as good as always.
    for (let other = 0; other < field; other += FIELDS) if (headers[other] === hash) return false
    headers[field] = hash
    headers[field + 1] = keyStart
    headers[field + 2] = keyEnd
    headers[field + 3] = valueStart
    headers[field + 4] = valueEnd
    message.noteId(hash, keyEnd - keyStart, valueStart, valueEnd)
    count++
  }
  if (at + 2 > limit || bytes[at + 1] !== LF) return false
  message.headerCount = count
  message.end = at + 2
  return true
}

/** Where a word of ASCII ends. */
function afterWord(bytes: Uint8Array, start: number, limit: number): number {
  let at = start
  while (at < limit && (bytes[at] as number) > SPACE && (bytes[at] as number) < DEL) at++
  return at
}

/** Stands in a value of ASCII. */
const isPlain = (byte: number): boolean => (byte >= SPACE && byte < DEL) || byte === TAB

/** Where a value ends that has been plain for long: four bytes at a time, in a quarter of the time. */
function afterPlain(bytes: Uint8Array, start: number, limit: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, limit)
  let at = start
  for (; at + 4 <= limit; at += 4) {
    const word = view.getInt32(at)
    // The highest bit of a byte is set in one of the three if that byte is over 0x7f, or below SPACE, or DEL.
    if (((word | (word - FOUR_SPACES) | (word + FOUR_ONES)) & FOUR_HIGH_BITS) !== 0) break
  }
  while (at < limit && isPlain(bytes[at] as number)) at++
  return at
}
