import type { Failure } from './failure.ts'
import { Held } from './held.ts'
import type { Message } from './message.ts'
import type { MessageReader, Verdict } from './wire.ts'

/** How the frames of a wire are made, and what is in them. */
export interface FrameFormat {
  /** What stands before the payload, in bytes. */
  readonly headerBytes: number
  /** How long the payload is, by the header at `at`, in bytes; or why no frame can begin so. */
  payloadBytes(bytes: Uint8Array, at: number): number | Failure
  /** Reads the payload at `start` to `end` into the view. Returns the first mistake in it. */
  read(bytes: Uint8Array, start: number, end: number, message: Message, greeted: boolean): Failure | undefined
}

/** What ends a message in a frame, as hints call it. */
export const FRAME_BOUNDARY = 'as many bytes as its header announces'

type Found = 'frame' | 'more' | Failure

const NO_BYTES = new Uint8Array(0)

/**
 * Cuts a stream of bytes into frames, a header that tells the length and a payload each. A frame that lies whole in
 * what was pushed is read in place; of one that does not, no more is kept than came. The length is judged as soon as
 * the header is here, before the payload is kept or waited for.
 */
export class FrameReader implements MessageReader {
  readonly #format: FrameFormat
  readonly #held = new Held()
  #chunk: Uint8Array = NO_BYTES
  #at = 0
  /** The payload that was found. */
  #bytes: Uint8Array = NO_BYTES
  #start = 0
  #end = 0
  mistake: Failure | undefined

  constructor(format: FrameFormat) {
    this.#format = format
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk
    this.#at = 0
  }

  get unfinished(): boolean {
    return this.#held.length > 0
  }

  next(message: Message, greeted: boolean): Verdict {
    const found = this.#held.length === 0 ? this.#findInPlace() : this.#findHeld()
    if (found !== 'frame') return found
    // What cannot be read leaves nothing to look at: neither itself, nor what stands behind it.
    message.clear(NO_BYTES)
    this.mistake = this.#format.read(this.#bytes, this.#start, this.#end, message, greeted)
    return this.mistake === undefined ? 'message' : 'mistake'
  }

  #findInPlace(): Found {
    const { headerBytes } = this.#format
    const available = this.#chunk.length - this.#at
    if (available < headerBytes) return this.#hold(available)
    const payloadBytes = this.#format.payloadBytes(this.#chunk, this.#at)
    if (typeof payloadBytes !== 'number') return payloadBytes
    if (available < headerBytes + payloadBytes) return this.#hold(available)
    const start = this.#at + headerBytes
    this.#at = start + payloadBytes
    return this.#deliver(this.#chunk, start, this.#at)
  }

  /** Goes on with a frame of which a part came before. */
  #findHeld(): Found {
    const held = this.#held
    const { headerBytes } = this.#format
    if (held.length < headerBytes) this.#take(headerBytes - held.length)
    if (held.length < headerBytes) return this.#hold(0)
    const payloadBytes = this.#format.payloadBytes(held.bytes, 0)
    if (typeof payloadBytes !== 'number') return payloadBytes
    const frameBytes = headerBytes + payloadBytes
    this.#take(frameBytes - held.length)
    if (held.length < frameBytes) return this.#hold(0)
    this.#deliver(held.bytes, headerBytes, frameBytes)
    held.clear()
    return 'frame'
  }

  #deliver(bytes: Uint8Array, start: number, end: number): 'frame' {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    return 'frame'
  }

  /** Keeps the next bytes of the chunk, and lets the chunk go. */
  #hold(count: number): 'more' {
    this.#take(count)
    this.#chunk = this.#bytes = NO_BYTES
    this.#at = 0
    return 'more'
  }

  /** Keeps up to so many bytes of the chunk. */
  #take(count: number): void {
    const end = Math.min(this.#at + count, this.#chunk.length)
    this.#held.append(this.#chunk, this.#at, end)
    this.#at = end
  }
}
