import { isUtf8 } from 'node:buffer'
import { COLON, CR, DEL, isWhiteSpace, LF, NUL, SPACE, TAB } from './characters.ts'
import { Failure } from './failure.ts'
import { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES } from './limits.ts'
import type { Message } from './message.ts'
import { quote } from './quote.ts'

// What is wrong with a message that does not parse, and where (R5). Here cost matters no more, but all stays linear.

/** A lone CR or a NUL at `at`, unless the bytes before it are not even UTF-8. */
export function fatalFault(bytes: Uint8Array, start: number, at: number): Failure {
  if (!isUtf8(bytes.subarray(start, at))) return utf8Fault(bytes, start, at)
  return new Failure('PARSE', {
    fatal: true,
    reason: bytes[at] === NUL ? 'A message holds no NUL byte' : 'A CR stands only before a LF',
    line: lineNumber(bytes, start, at),
  })
}

/** Bytes that are not UTF-8. No sequence of UTF-8 holds a LF, so that one line by itself is at fault. */
export function utf8Fault(bytes: Uint8Array, start: number, end: number): Failure {
  let line = 1
  for (let lineStart = start; lineStart < end; line++) {
    const next = Math.min(lineEnd(bytes, lineStart) + 1, end)
    if (!isUtf8(bytes.subarray(lineStart, next))) break
    lineStart = next
  }
  return new Failure('INVALID_UTF8', { line })
}

/** A first line that the parser could not follow beyond `at`. */
export function firstLineFault(bytes: Uint8Array, start: number, at: number): Failure {
  const commandBytes = at - start
  const fault = (reason: string, hint?: string) =>
    new Failure('PARSE', { reason, found: quoteLine(bytes, start), line: 1, hint })
  if (isWhiteSpace(bytes[start])) return fault('A message begins with a command, not with white space')
  if (bytes[at] === TAB) return fault('Arguments are separated by spaces, not by a TAB')
  if (isControl(bytes[at])) return fault('A line holds no control character')
  if (commandBytes > MAX_COMMAND_BYTES) return fault(`A command has at most ${MAX_COMMAND_BYTES} characters`)
  if (bytes[at] === COLON && commandBytes > 0) {
    return fault('A message begins with a command, not with a header', 'the command comes first, its headers below it')
  }
  return fault('A command is a letter, then letters, digits, "_" or "-"', 'HELP lists the commands')
}

/** A header line that the parser could not follow beyond `at`. */
export function headerFault(message: Message, start: number, lineStart: number, at: number): Failure {
  const { bytes } = message
  const line = bytes.subarray(lineStart, lineEnd(bytes, lineStart))
  const colon = line.indexOf(COLON)
  const fault = (reason: string, hint?: string) =>
    new Failure('PARSE', {
      reason,
      found: quoteLine(bytes, lineStart),
      line: lineNumber(bytes, start, lineStart),
      hint,
    })
  if (isWhiteSpace(bytes[lineStart])) {
    const blank = line.every((byte) => isWhiteSpace(byte) || byte === CR)
    if (blank) return fault('A line of white space is no empty line', 'an empty line ends each message')
    return fault('A header line does not start with white space')
  }
  if (isControl(bytes[at])) return fault('A line holds no control character')
  if (colon < 0) {
    message.strayLine = lineStart
    return fault('A header line is "Key: value", and this one has no colon')
  }
  if (colon === 0) return fault('A header has a key before its colon')
  if (isWhiteSpace(line[colon - 1])) return fault('No white space stands before the colon of a header')
  if (at - lineStart > MAX_KEY_BYTES) return fault(`A key has at most ${MAX_KEY_BYTES} characters`)
  return fault('A key is a letter, then letters, digits, "-" or "_"')
}

export const tooManyHeaders = ({ headerCount }: Message): Failure =>
  new Failure('TOO_MANY_HEADERS', { reason: `A message has at most ${MAX_HEADERS} headers, got ${headerCount}` })

export function duplicateHeader(message: Message, start: number, header: number): Failure {
  const { bytes } = message
  const keyStart = message.keyStart(header)
  return new Failure('DUPLICATE_HEADER', {
    reason: `Header ${quote(bytes, keyStart, message.keyEnd(header))} is given twice`,
    line: lineNumber(bytes, start, keyStart),
  })
}

function lineNumber(bytes: Uint8Array, start: number, at: number): number {
  let line = 1
  for (let i = start; i < at; i++) if (bytes[i] === LF) line++
  return line
}

/** Where the LF of the line stands; every line of a message has one. */
const lineEnd = (bytes: Uint8Array, lineStart: number): number => bytes.indexOf(LF, lineStart)

function quoteLine(bytes: Uint8Array, lineStart: number): string {
  const end = lineEnd(bytes, lineStart)
  return quote(bytes, lineStart, bytes[end - 1] === CR ? Math.max(end - 1, lineStart) : end)
}

/** Any control character but TAB, CR and LF. */
const isControl = (byte: number | undefined): boolean =>
  byte !== undefined && (byte < SPACE || byte === DEL) && byte !== TAB && byte !== CR && byte !== LF
