import { type ClientOptions, type Take, takeAll, WireClient } from './wire-client.ts'

/**
 * A client of the versioned wire, from the article's description alone. A frame is a version byte, a u16 big-endian
 * length, and as many bytes of UTF-8.
 */
const HEADER_BYTES = 3
const VERSION = 1

export function versioned(content: string | Uint8Array, version = VERSION): Buffer {
  const utf8 = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return Buffer.concat([headerOf(utf8.length, version), utf8])
}

/** A frame's first three bytes. */
export function headerOf(contentBytes: number, version = VERSION): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(version, 0)
  header.writeUInt16BE(contentBytes, 1)
  return header
}

export const takeVersioned: Take<string> = (bytes) => {
  if (bytes.length < HEADER_BYTES) return undefined
  if (bytes.readUInt8(0) !== VERSION) throw new Error(`an answer is of version 1, not ${bytes.readUInt8(0)}`)
  const end = HEADER_BYTES + bytes.readUInt16BE(1)
  return bytes.length < end ? undefined : { answer: bytes.toString('utf8', HEADER_BYTES, end), bytes: end }
}

export const versionedAnswers = (bytes: Buffer): string[] => takeAll(bytes, takeVersioned)

export type VersionedClient = WireClient<string>

export const dialVersioned = (port: number, options?: ClientOptions): Promise<VersionedClient> =>
  WireClient.dial(port, takeVersioned, options)

/** An answer's first line. */
export const firstLine = (answer: string | undefined): string | undefined => answer?.split('\r\n')[0]

/** What stands behind a key in an answer. */
export const headerIn = (answer: string | undefined, key: string): string | undefined =>
  answer
    ?.split('\r\n')
    .find((line) => line.startsWith(`${key}: `))
    ?.slice(key.length + 2)
