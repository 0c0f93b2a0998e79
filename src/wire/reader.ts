import { CR, LF } from './characters.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'

/** What the reader found: a whole message, that it wants more bytes, or that the stream is beyond repair. */
export type Verdict = 'message' | 'more' | 'MESSAGE_TOO_BIG' | 'BARE_LF'

/** The smallest buffer for an unfinished message, in bytes; it doubles up to MAX_MESSAGE_BYTES. */
const MIN_HELD_BYTES = 256
/** A buffer above this, in bytes, is let go as soon as its message is done. */
const MAX_KEPT_BYTES = 1024
const NO_BYTES = new Uint8Array(0)

/**
 * Cuts a stream of bytes into messages (section 2): give it what was received with `push`, then call `next` until it
 * says 'more'.
 *
 * A message that lies whole in what was pushed is read in place. One that does not is gathered in a buffer of the
 * reader's own, so that at most that one message is ever copied. Every byte is searched once (F5): the search goes on
 * where it stopped, and nothing but a line's first two bytes is ever looked at again.
 */
export class Reader {
  /** After 'message': the bytes that hold it, and where. Valid until the next call. */
  bytes: Uint8Array = NO_BYTES
  start = 0
  end = 0

  readonly #strictCrlf: boolean
  #chunk: Uint8Array = NO_BYTES
  /** Where the search goes on. All places are counted from the chunk's first byte: held bytes have negative ones. */
  #at = 0
  #messageStart = 0
  #lineStart = 0
  /** What came of the unfinished message before the chunk. */
  #held: Uint8Array = NO_BYTES
  #heldBytes = 0

  constructor({ strictCrlf = false }: { readonly strictCrlf?: boolean } = {}) {
    this.#strictCrlf = strictCrlf
  }

  /** Takes what was received, once `next` has said 'more' of all that came before. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk
  }

  /** After 'more': whether a message has begun and not ended (F7). */
  get unfinished(): boolean {
    return this.#heldBytes > 0
  }

  next(): Verdict {
    const chunk = this.#chunk
    for (;;) {
      // The cap is the message's, not the chunk's: the search never goes beyond it (F3).
      const limit = Math.min(chunk.length, this.#messageStart + MAX_MESSAGE_BYTES)
      let at = this.#at
      while (at < limit && chunk[at] !== LF) at++
      this.#at = at
      if (at === limit) {
        if (at < chunk.length) return 'MESSAGE_TOO_BIG'
        this.#hold()
        return 'more'
      }
      if (this.#strictCrlf && this.#byte(at - 1) !== CR) return 'BARE_LF'
      const lineStart = this.#lineStart
      const lineBytes = at - lineStart
      this.#lineStart = ++this.#at
      if (lineBytes > 1 || (lineBytes === 1 && this.#byte(lineStart) !== CR)) continue
      if (lineStart !== this.#messageStart) {
        this.#deliver()
        return 'message'
      }
      // An empty line between messages: as if it had never been (F4).
      this.#messageStart = this.#at
      this.#heldBytes = 0
    }
  }

  #byte(at: number): number | undefined {
    return at < 0 ? this.#held[this.#heldBytes + at] : this.#chunk[at]
  }

  /** The message ends before `#at`. */
  #deliver(): void {
    if (this.#messageStart >= 0) {
      this.bytes = this.#chunk
      this.start = this.#messageStart
      this.end = this.#at
    } else {
      this.#gather(0, this.#at)
      this.bytes = this.#held
      this.start = 0
      this.end = this.#heldBytes
      if (this.#held.length > MAX_KEPT_BYTES) this.#held = NO_BYTES
    }
    this.#heldBytes = 0
    this.#messageStart = this.#at
  }

  /** Keeps what the chunk holds of the unfinished message, and lets the chunk go. */
  #hold(): void {
    const { length } = this.#chunk
    this.#gather(Math.max(this.#messageStart, 0), length)
    this.#at = 0
    this.#messageStart -= length
    this.#lineStart -= length
    this.#chunk = this.bytes = NO_BYTES
  }

  #gather(start: number, end: number): void {
    if (start === end) return
    const bytes = this.#heldBytes + end - start
    if (bytes > this.#held.length) {
      let capacity = Math.max(this.#held.length, MIN_HELD_BYTES)
      while (capacity < bytes) capacity *= 2
      const held = new Uint8Array(capacity)
      held.set(this.#held.subarray(0, this.#heldBytes))
      this.#held = held
    }
    this.#held.set(this.#chunk.subarray(start, end), this.#heldBytes)
    this.#heldBytes = bytes
  }
}
