import { CR, LF } from './characters.ts'
import { Failure } from './failure.ts'
import { FRAME_BOUNDARY, type FrameFormat, FrameReader } from './frame-reader.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'
import type { Output } from './output.ts'
import { parse } from './parse.ts'
import { parseWhole } from './parse-whole.ts'
import { bareLf } from './reader.ts'
import { isText, isTls } from './stranger.ts'
import { textWire } from './text-wire.ts'
import type { Wire, WireOptions } from './wire.ts'

// A frame of the versioned wire:
//
//   version   1 byte, 1
//   length    2 bytes, u16 big-endian: of the content, in bytes
//   content   a message of the text wire without its empty line

const VERSION = 1
const HEADER = new Uint8Array([VERSION, 0, 0])
/** What 16 bits can say. */
const MAX_LENGTH = 0xffff
/** With what stands behind every content the parser finds the end of the message. */
const END = new TextEncoder().encode('\r\n\r\n')

/** Where a content is given the end that the text wire wants: one for all, since one message is read at a time. */
const scratch = new Uint8Array(MAX_MESSAGE_BYTES + END.length)

export function versionedWire({ strictCrlf = false }: WireOptions = {}): Wire {
  const text = textWire()
  const reader = () => new FrameReader(formatOf(strictCrlf))
  return {
    name: 'versioned',
    boundary: FRAME_BOUNDARY,
    greets: true,
    hasHeaders: true,
    recognize: (opening) => {
      if (isTls(opening)) return 'TLS'
      return isText(opening, HEADER.length) ? 'plain text' : undefined
    },
    requests: reader,
    replies: reader,
    encode,
    writeReply: (output, format, values, answered) => {
      const start = begin(output)
      text.writeReply(output, format, values, answered)
      seal(output, start)
    },
    writeFailure: (output, failure, answered) => {
      const start = begin(output)
      text.writeFailure(output, failure, answered)
      seal(output, start)
    },
    asText: ({ bytes, start, end }) => ({ bytes, start: Math.min(start + HEADER.length, end), end }),
  }
}

const formatOf = (strictCrlf: boolean): FrameFormat => ({
  headerBytes: HEADER.length,
  payloadBytes: (bytes, at) => {
    if (bytes[at] !== VERSION) {
      return new Failure('VERSION_UNSUPPORTED', {
        reason: `Frames are of version ${VERSION} here, got ${bytes[at]}`,
        details: { Supported: String(VERSION) },
        fatal: true,
      })
    }
    const length = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
    if (length <= MAX_MESSAGE_BYTES) return length
    return new Failure('MESSAGE_TOO_BIG', { reason: `A content has at most ${MAX_MESSAGE_BYTES} bytes, got ${length}` })
  },
  read: (bytes, start, end, message) => {
    if (start === end) return new Failure('PARSE', { reason: 'The frame is empty: a message begins with a command' })
    const length = end - start
    scratch.set(bytes.subarray(start, end))
    scratch.set(END, length)
    if (strictCrlf && hasBareLf(scratch, length)) return bareLf()
    const whole = length + END.length
    const fault = parseWhole(scratch, 0, whole, message) ? undefined : parse(scratch, 0, whole, message)
    if (fault !== undefined) return fault
    // Empty lines at the end count for nothing (F4), but in the midst of a content one ends the message too early.
    for (let at = message.end; at < length; at++) {
      if (scratch[at] !== CR && scratch[at] !== LF)
        return new Failure('PARSE', { reason: 'A frame holds one message, and no empty line within it' })
    }
    return undefined
  },
})

function hasBareLf(bytes: Uint8Array, end: number): boolean {
  for (let at = 0; at < end; at++) if (bytes[at] === LF && bytes[at - 1] !== CR) return true
  return false
}

function encode(text: Uint8Array): Uint8Array {
  let length = text.length
  while (text[length - 1] === LF || text[length - 1] === CR) length--
  if (length > MAX_LENGTH) throw new RangeError(`A frame holds at most ${MAX_LENGTH} bytes, got ${length}`)
  const frame = new Uint8Array(HEADER.length + length)
  frame.set(HEADER)
  frame.set(text.subarray(0, length), HEADER.length)
  new DataView(frame.buffer).setUint16(1, length)
  return frame
}

function begin(output: Output): number {
  const start = output.length
  output.bytes(HEADER)
  return start
}

/** Takes the ends of the last line and of the message away, and tells the length. */
function seal(output: Output, start: number): void {
  output.endAt(output.length - END.length)
  const length = output.length - start - HEADER.length
  output.patch(start + 1, length >> 8)
  output.patch(start + 2, length)
}
