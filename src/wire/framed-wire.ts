import { CODES, type Code } from './codes.ts'
import { Failure } from './failure.ts'
import { FRAME_BOUNDARY, type FrameFormat, FrameReader } from './frame-reader.ts'
import { payloadOf, readPayload } from './framed-layout.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'
import { Message } from './message.ts'
import type { Output } from './output.ts'
import { parse } from './parse.ts'
import { reasonOf } from './reply.ts'
import { spanOf } from './span.ts'
import { isText, isTls, isVersioned } from './stranger.ts'
import type { Wire, WireOptions } from './wire.ts'

// A frame of the framed wire:
//
//   length   4 bytes, u32 little-endian: of the payload, in bytes
//   payload  of a client: see framed-layout.ts; of the server: one byte, 0 for Ok and 1 for Err, then words in UTF-8

const LENGTH_BYTES = 4
const OK = 0
const ERR = 1
const HEADER = { ok: new Uint8Array([0, 0, 0, 0, OK]), err: new Uint8Array([0, 0, 0, 0, ERR]) }

/** Of these the code is the whole answer, as in the article; behind any other stands what was wrong. */
const SELF_EXPLANATORY: ReadonlySet<Code> = new Set(['EXPECTED_HANDSHAKE', 'AUTH_FAILED', 'WRONG_STATE'])
const REASON_BEHIND = ': '
const FATAL: ReadonlySet<string> = new Set(
  Object.entries(CODES).flatMap(([code, { fatal }]) => (fatal === true ? [code] : [])),
)

export function framedWire({ maxFrameBytes = MAX_MESSAGE_BYTES, auth = 'none' }: WireOptions = {}): Wire {
  const requests: FrameFormat = {
    ...frames(maxFrameBytes),
    read: (bytes, start, end, message, greeted) => readPayload(bytes, start, end, message, { greeted, auth }),
  }
  const replies: FrameFormat = { ...frames(MAX_MESSAGE_BYTES), read: readReply }
  return {
    name: 'framed',
    boundary: FRAME_BOUNDARY,
    greets: false,
    hasHeaders: false,
    recognize: (opening) => {
      if (isTls(opening)) return 'TLS'
      if (isVersioned(opening)) return 'versioned messages'
      return isText(opening, LENGTH_BYTES) ? 'plain text' : undefined
    },
    requests: () => new FrameReader(requests),
    replies: () => new FrameReader(replies),
    encode,
    writeReply: (output, format, values) => {
      const start = output.length
      output.bytes(HEADER.ok)
      format.writeWords(output, values)
      seal(output, start)
    },
    writeFailure: (output, failure) => {
      const { code } = failure
      const start = output.length
      output.bytes(HEADER.err)
      output.text(SELF_EXPLANATORY.has(code) ? code : `${code}${REASON_BEHIND}${reasonOf(failure)}`)
      seal(output, start)
    },
    asText: ({ bytes, start, end }) =>
      spanOf(Buffer.from(start === end ? '' : textOf(bytes.subarray(start + LENGTH_BYTES, end)), 'latin1')),
  }
}

const frames = (maxBytes: number): Pick<FrameFormat, 'headerBytes' | 'payloadBytes'> => ({
  headerBytes: LENGTH_BYTES,
  payloadBytes: (bytes, at) => {
    const length = readU32(bytes, at)
    if (length <= maxBytes) return length
    return new Failure('MESSAGE_TOO_BIG', { reason: `Frame length ${length} is over the maximum of ${maxBytes}` })
  },
})

/** Little-endian; by hand, because a view would have to be made for each frame. */
function readU32(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let byte = LENGTH_BYTES - 1; byte >= 0; byte--) value = value * 256 + (bytes[at + byte] as number)
  return value
}

/** Tells the length of the frame that began at `start`. */
function seal(output: Output, start: number): void {
  const length = output.length - start - LENGTH_BYTES
  for (let byte = 0; byte < LENGTH_BYTES; byte++) output.patch(start + byte, length >> (8 * byte))
}

/** Reads an answer as the reply of the text wire that has the same words. */
function readReply(bytes: Uint8Array, start: number, end: number, message: Message): Failure | undefined {
  const reply = Buffer.from(`${textOf(bytes.subarray(start, end))}\r\n\r\n`, 'latin1')
  return start < end && (bytes[start] as number) <= ERR
    ? parse(reply, 0, reply.length, message)
    : new Failure('PARSE', { reason: 'An answer begins with 0 or 1' })
}

/** What an answer is on the text wire, as bytes in a string. */
function textOf(payload: Uint8Array): string {
  const words = Buffer.from(payload.subarray(1)).toString('latin1')
  return payload[0] === ERR ? errorText(words) : `OK ${words}`
}

/** An error with what the text wire says of it beside: the reason, and whether it is the last word. */
function errorText(words: string): string {
  const [code = '', ...reason] = words.split(REASON_BEHIND)
  const lines = [`ERR ${code}`]
  if (reason.length > 0) lines.push(`Reason: ${reason.join(REASON_BEHIND)}`)
  if (FATAL.has(code)) lines.push('Fatal: yes')
  return lines.join('\r\n')
}

function encode(text: Uint8Array): Uint8Array {
  const message = new Message()
  const fault = parse(text, 0, text.length, message)
  if (fault !== undefined) throw new TypeError(reasonOf(fault))
  const payload = payloadOf(message)
  const frame = new Uint8Array(LENGTH_BYTES + payload.length)
  new DataView(frame.buffer).setUint32(0, payload.length, true)
  frame.set(payload, LENGTH_BYTES)
  return frame
}
