import { isValueByte, isWordByte, SPACE, TAB } from './characters.ts'
import { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES, MAX_MESSAGE_BYTES } from './limits.ts'
import type { PlainMessage } from './message.ts'
import { isName } from './names.ts'

const encoder = new TextEncoder()

/**
 * The bytes of a message, in the one canonical way to write it: the exact inverse of `parse`.
 *
 * Throws a TypeError where a part cannot stand in a message of the grammar (section 3), and a RangeError where the
 * message is over a limit (F3, G2).
 */
export function format({ command, arguments: words, headers }: PlainMessage): Uint8Array {
  if (headers.length > MAX_HEADERS) throw new RangeError(`At most ${MAX_HEADERS} headers, got ${headers.length}`)
  let text = checkName('command', command, MAX_COMMAND_BYTES)
  for (const word of words) text += ` ${checkArgument(word)}`
  const keys = new Set<string>()
  for (const [key, value] of headers) {
    text += `\r\n${checkName('key', key, MAX_KEY_BYTES)}: ${checkValue(value)}`
    keys.add(key.toUpperCase())
  }
  if (keys.size < headers.length) throw new TypeError('A key stands twice')
  const bytes = encoder.encode(`${text}\r\n\r\n`)
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new RangeError(`A message has at most ${MAX_MESSAGE_BYTES} bytes, got ${bytes.length}`)
  }
  return bytes
}

function checkName(what: string, name: string, maxBytes: number): string {
  const bytes = encoder.encode(name)
  const good = isName(bytes) && bytes.length <= maxBytes
  if (!good) throw new TypeError(`A ${what} is a letter, then letters, digits, "-" or "_", up to ${maxBytes} in all`)
  return name
}

function checkArgument(word: string): string {
  if (word === '' || !consistsOf(word, isWordByte))
    throw new TypeError('An argument holds no white space and no control character')
  return word
}

function checkValue(value: string): string {
  if (!consistsOf(value, isValueByte)) throw new TypeError('A value holds no control character but TAB')
  const outer = [value.charCodeAt(0), value.charCodeAt(value.length - 1)]
  if (outer.some((unit) => unit === SPACE || unit === TAB)) {
    throw new TypeError('White space around a value is not part of it')
  }
  return value
}

function consistsOf(text: string, isRight: (byte: number) => boolean): boolean {
  // The encoder would put U+FFFD in its place.
  if (!text.isWellFormed()) throw new TypeError('A lone surrogate is no character, and has no UTF-8')
  return encoder.encode(text).every(isRight)
}
