import { isUtf8 } from 'node:buffer'
import {
  COLON,
  CR,
  fold,
  isLetter,
  isNameByte,
  isValueByte,
  isWhiteSpace,
  isWordByte,
  LF,
  NUL,
  SPACE,
} from './characters.ts'
import { duplicateHeader, fatalFault, firstLineFault, headerFault, tooManyHeaders, utf8Fault } from './diagnose.ts'
import type { Failure } from './failure.ts'
import { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES } from './limits.ts'
import type { Message } from './message.ts'
import { hashStep } from './names.ts'

// The grammar (section 3):
//
//   message      = first-line *header-line EOL
//   first-line   = command *(1*SP argument) *SP EOL
//   header-line  = key ":" *WSP value *WSP EOL
//   command      = ALPHA *31(ALPHA / DIGIT / "_" / "-")          ; compared without case, ASCII only
//   argument     = 1*(%x21-7E / UTF8-non-ascii)
//   key          = ALPHA *63(ALPHA / DIGIT / "-" / "_")          ; compared without case, ASCII only
//   value        = *(WSP / %x21-7E / UTF8-non-ascii)             ; outer SP and TAB are not part of it
//   EOL          = [CR] LF

/**
 * Reads the message at `start` to `end`, which the reader has found to end with its first empty line, into `message`,
 * in one pass over its bytes.
 *
 * @returns undefined, or the first mistake in the order of R7: INVALID_UTF8 and fatal PARSE, soft PARSE,
 * TOO_MANY_HEADERS, DUPLICATE_HEADER. The parts of the message that are well-formed are in `message` even then.
 */
export function parse(bytes: Uint8Array, start: number, end: number, message: Message): Failure | undefined {
  message.clear(bytes)
  let fault: Failure | undefined
  let seen = 0 // every byte of an argument or a value, OR-ed: 0x80 and above, and there is UTF-8 to check
  let at = start
  let hash = 0

  // The first line.
  if (isLetter(bytes[at] as number)) {
    for (; ; at++) {
      const byte = bytes[at] as number
      if (!isNameByte(byte)) break
      hash = hashStep(hash, fold(byte))
    }
  }
  message.setCommand(start, at, hash)
  let next = -1
  if (at > start && at - start <= MAX_COMMAND_BYTES) {
    while (bytes[at] === SPACE) {
      do at++
      while (bytes[at] === SPACE)
      const argument = at
      for (; ; at++) {
        const byte = bytes[at] as number
        if (!isWordByte(byte)) break
        seen |= byte
      }
      if (at === argument) break
      message.addArgument(argument, at)
    }
    next = afterEol(bytes, at)
  }
  if (next < 0) {
    next = skipLine(bytes, at)
    if (next < 0) return fatalFault(bytes, start, ~next)
    fault = firstLineFault(bytes, start, at)
  }

  // The header lines, up to the empty line.
  for (;;) {
    at = next
    next = afterEol(bytes, at)
    if (next > 0) break
    const keyStart = at
    hash = 0
    if (isLetter(bytes[at] as number)) {
      for (; ; at++) {
        const byte = bytes[at] as number
        if (!isNameByte(byte)) break
        hash = hashStep(hash, fold(byte))
      }
    }
    const keyEnd = at
    if (bytes[at] === COLON && keyEnd > keyStart && keyEnd - keyStart <= MAX_KEY_BYTES) {
      do at++
      while (isWhiteSpace(bytes[at]))
      const valueStart = at
      let valueEnd = at
      for (; ; at++) {
        const byte = bytes[at] as number
        if (!isValueByte(byte)) break
        seen |= byte
        if (byte > SPACE) valueEnd = at + 1
      }
      next = afterEol(bytes, at)
      if (next > 0) {
        message.addHeader(hash, keyStart, keyEnd, valueStart, valueEnd)
        continue
      }
    }
    next = skipLine(bytes, at)
    if (next < 0) return fatalFault(bytes, start, ~next)
    fault ??= headerFault(message, start, keyStart, at)
  }
  message.end = next

  if ((seen >= 0x80 || fault !== undefined) && !isUtf8(bytes.subarray(start, end))) return utf8Fault(bytes, start, end)
  if (fault !== undefined) return fault
  if (message.headerCount > MAX_HEADERS) return tooManyHeaders(message)
  const duplicate = message.findDuplicate()
  return duplicate < 0 ? undefined : duplicateHeader(message, start, duplicate)
}

/** Where the next line starts, if the end of a line stands at `at`; else -1. */
function afterEol(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LF) return at + 1
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : -1
}

/** Where the next line starts; or, where a fatal character comes first (F2, F6), the complement of its place. */
function skipLine(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    const byte = bytes[at]
    if (byte === LF) return at + 1
    if (byte === NUL || (byte === CR && bytes[at + 1] !== LF)) return ~at
  }
}
