import * as characters from './characters.ts'
import { MAX_HEADERS, MAX_ID_BYTES, MAX_PARAMETERS } from './limits.ts'
import * as names from './names.ts'

const { isIdByte } = characters
const { hashOf, sameName } = names

/** A message as plain values: what `format` takes, and what a view can be turned into. */
export interface PlainMessage {
  readonly command: string
  readonly arguments: readonly string[]
  readonly headers: readonly (readonly [key: string, value: string])[]
}

/** Where the Id of a message stands; `idStart` is -1 where it has none (R2). */
export interface WithId {
  readonly bytes: Uint8Array
  readonly idStart: number
  readonly idEnd: number
}

/** Five integers a header: the key's hash, and where the key and the value start and end. */
export const HEADER_FIELDS = 5
const NO_BYTES = new Uint8Array(0)
const ID_BYTES = 2
const ID_HASH = hashOf(new TextEncoder().encode('Id'))
const NO_ID: WithId = { bytes: NO_BYTES, idStart: -1, idEnd: -1 }
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What an Id is to be, in words. */
export const ID_RULE = `Id takes 1..${MAX_ID_BYTES} of A-Z, a-z, 0-9, ".", "_", ":" and "-"`

export function isGoodId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || end - start > MAX_ID_BYTES) return false
  for (let i = start; i < end; i++) {
    if (!isIdByte(bytes[i] as number)) return false
  }
  return true
}

/**
 * Where the parts of a message stand in the bytes that were received: a view, filled by `parse`, valid until those
 * bytes go back to the reader or the next message is parsed into it. One view serves for good, so that a message
 * allocates nothing.
 */
export class Message implements WithId {
  bytes: Uint8Array = NO_BYTES
  commandStart = 0
  commandEnd = 0
  commandHash = 0
  /** Where the message ends, its empty line included. */
  end = 0
  /** Where the last argument ends, or the command where there is none. */
  firstLineEnd = 0
  /** All arguments of the line; the places of the first MAX_PARAMETERS are kept. */
  argumentCount = 0
  /** All well-formed headers of the message; the places of the first MAX_HEADERS are kept. */
  headerCount = 0
  /** Where the value of the first Id stands, wherever in the message that is (R2); -1 without one. */
  idStart = -1
  idEnd = -1
  /** Where a header line without a colon starts, where that is the mistake of the message (G1); else -1. */
  strayLine = -1
  readonly #arguments = new Int32Array(MAX_PARAMETERS * 2)
  /** Of each header HEADER_FIELDS integers, in their order. */
  readonly headers = new Int32Array(MAX_HEADERS * HEADER_FIELDS)

  /** Begins anew, over other bytes. */
  clear(bytes: Uint8Array): void {
    // To tell V8 of the same bytes again is 8 ns.
    if (this.bytes !== bytes) this.bytes = bytes
    this.end = this.commandStart = this.commandEnd = this.firstLineEnd = this.commandHash = 0
    this.argumentCount = this.headerCount = 0
    this.idStart = this.idEnd = this.strayLine = -1
  }

  /** Lets go of the bytes. */
  release(): void {
    this.bytes = NO_BYTES
  }

  setCommand(start: number, end: number, hash: number): void {
    this.commandStart = start
    this.commandEnd = this.firstLineEnd = end
    this.commandHash = hash
  }

  addArgument(start: number, end: number): void {
    this.firstLineEnd = end
    const count = this.argumentCount++
    if (count >= MAX_PARAMETERS) return
    this.#arguments[count * 2] = start
    this.#arguments[count * 2 + 1] = end
  }

  addHeader(hash: number, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    this.noteId(hash, keyEnd - keyStart, valueStart, valueEnd)
    const count = this.headerCount++
    if (count >= MAX_HEADERS) return
    const headers = this.headers
    const at = count * HEADER_FIELDS
    headers[at] = hash
    headers[at + 1] = keyStart
    headers[at + 2] = keyEnd
    headers[at + 3] = valueStart
    headers[at + 4] = valueEnd
  }

  /** Notes the value of a header if that is the first Id (R2). */
  noteId(hash: number, keyBytes: number, valueStart: number, valueEnd: number): void {
    // So short a name is one with its hash.
    if (hash !== ID_HASH || keyBytes !== ID_BYTES || this.idStart >= 0) return
    this.idStart = valueStart
    this.idEnd = valueEnd
  }

  argumentStart(index: number): number {
    return this.#arguments[index * 2] as number
  }

  argumentEnd(index: number): number {
    return this.#arguments[index * 2 + 1] as number
  }

  keyHash(index: number): number {
    return this.headers[index * HEADER_FIELDS] as number
  }

  keyStart(index: number): number {
    return this.headers[index * HEADER_FIELDS + 1] as number
  }

  keyEnd(index: number): number {
    return this.headers[index * HEADER_FIELDS + 2] as number
  }

  valueStart(index: number): number {
    return this.headers[index * HEADER_FIELDS + 3] as number
  }

  valueEnd(index: number): number {
    return this.headers[index * HEADER_FIELDS + 4] as number
  }

  /** The first header whose key stands before it already, or -1. At most 64 headers: 2,016 comparisons of hashes. */
  findDuplicate(): number {
    for (let later = 1; later < this.headerCount; later++) {
      const hash = this.keyHash(later)
      for (let earlier = 0; earlier < later; earlier++) {
        if (this.keyHash(earlier) !== hash) continue
        const start = this.keyStart(earlier)
        const end = this.keyEnd(earlier)
        if (sameName(this.bytes, this.keyStart(later), this.keyEnd(later), this.bytes, start, end)) return later
      }
    }
    return -1
  }

  /** Whether there is an Id of the form `[A-Za-z0-9._:-]{1,64}` (R2), which replies may echo. */
  hasGoodId(): boolean {
    return isGoodId(this.bytes, this.idStart, this.idEnd)
  }

  /** The Id by itself, for a reply that comes when the message is gone. */
  copyId(): WithId {
    if (this.idStart < 0) return NO_ID
    const bytes = new Uint8Array(this.bytes.subarray(this.idStart, this.idEnd))
    return { bytes, idStart: 0, idEnd: bytes.length }
  }

  /** A part of the message as a string; `parse` has seen to it that it is UTF-8. */
  text(start: number, end: number): string {
    return decoder.decode(this.bytes.subarray(start, end))
  }

  /** What stands behind the command in the first line, as one string. */
  get firstLineRest(): string {
    return this.argumentCount === 0 ? '' : this.text(this.argumentStart(0), this.firstLineEnd)
  }

  /** The headers as strings. */
  plainHeaders(): PlainMessage['headers'] {
    return Array.from({ length: this.headerCount }, (_, index) => [
      this.text(this.keyStart(index), this.keyEnd(index)),
      this.text(this.valueStart(index), this.valueEnd(index)),
    ])
  }

  /** All of it as strings, but for headers over the limit. */
  toPlain(): PlainMessage {
    return {
      command: this.text(this.commandStart, this.commandEnd),
      arguments: this.firstLineRest.split(' ').filter((word) => word !== ''),
      headers: this.plainHeaders(),
    }
  }
}
