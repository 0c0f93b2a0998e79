import { type ClientOptions, type Take, takeAll, WireClient } from './wire-client.ts'

/**
 * A client of the framed wire, from the article's description alone. A frame is a u32 little-endian length and as many
 * bytes. A message: byte 0 says which, then its fields. An answer: byte 0 is 0 for Ok and 1 for Err, then UTF-8.
 */
const LENGTH_BYTES = 4
const QUIT = 0
const MOVE = 1
const WRITE = 2
const CHANGE_COLOR = 3

export interface FramedAnswer {
  readonly ok: boolean
  readonly text: string
}

export function frame(payload: Uint8Array): Buffer {
  return Buffer.concat([lengthOf(payload.length), payload])
}

/** A frame's first four bytes. */
export function lengthOf(payloadBytes: number): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(payloadBytes, 0)
  return length
}

export const quit = (): Buffer => frame(Buffer.of(QUIT))

export function move(x: number, y: number): Buffer {
  const payload = Buffer.alloc(9)
  payload.writeUInt8(MOVE, 0)
  payload.writeInt32LE(x, 1)
  payload.writeInt32LE(y, 5)
  return frame(payload)
}

export function write(text: string | Buffer): Buffer {
  const utf8 = typeof text === 'string' ? Buffer.from(text, 'utf8') : text
  return frame(Buffer.concat([Buffer.of(WRITE, utf8.length), utf8]))
}

export const changeColor = (r: number, g: number, b: number): Buffer => frame(Buffer.of(CHANGE_COLOR, r, g, b))

export const takeFramed: Take<FramedAnswer> = (bytes) => {
  if (bytes.length < LENGTH_BYTES) return undefined
  const end = LENGTH_BYTES + bytes.readUInt32LE(0)
  if (bytes.length < end) return undefined
  const kind = bytes.readUInt8(LENGTH_BYTES)
  if (kind > 1) throw new Error(`an answer begins with 0 or 1, not with ${kind}`)
  return { answer: { ok: kind === 0, text: bytes.toString('utf8', LENGTH_BYTES + 1, end) }, bytes: end }
}

export const framedAnswers = (bytes: Buffer): FramedAnswer[] => takeAll(bytes, takeFramed)

export type FramedClient = WireClient<FramedAnswer>

export const dialFramed = (port: number, options?: ClientOptions): Promise<FramedClient> =>
  WireClient.dial(port, takeFramed, options)

export const ok = (text: string): FramedAnswer => ({ ok: true, text })

/** An Err with exactly this text. */
export const err = (text: string): FramedAnswer => ({ ok: false, text })

/** An answer in a word: the text of an Ok, the code of an Err. */
export const wordOf = ({ ok, text }: FramedAnswer): string => (ok ? text : (text.split(':')[0] ?? ''))
