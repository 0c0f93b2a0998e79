import { CR, LF } from './characters.ts'
import { Failure } from './failure.ts'
import { Held } from './held.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'
import type { Message } from './message.ts'
import { parse } from './parse.ts'
import { parseWhole } from './parse-whole.ts'
import type { MessageReader, Verdict } from './wire.ts'

const NO_BYTES = new Uint8Array(0)

/**
 * Cuts a stream of bytes into messages of the text wire (section 2).
 *
 * A message that lies whole in what was pushed is read in place. One that does not is gathered in a buffer of the
 * reader's own, so that at most that one message is ever copied. Every byte is searched once (F5): the search goes on
 * where it stopped, and nothing but a line's first two bytes is ever looked at again.
 */
export class Reader implements MessageReader {
  mistake: Failure | undefined
  /** After `find` has said 'message': the bytes that hold it, and where. Valid until the next call. */
  bytes: Uint8Array = NO_BYTES
  start = 0
  end = 0

  readonly #strictCrlf: boolean
  #chunk: Uint8Array = NO_BYTES
  /** Where the search goes on. All places are counted from the chunk's first byte: held bytes have negative ones. */
  #at = 0
  #messageStart = 0
  #lineStart = 0
  /** What came of the unfinished message before the chunk, if there is one. */
  #held: Held | undefined

  constructor({ strictCrlf = false }: { readonly strictCrlf?: boolean } = {}) {
    this.#strictCrlf = strictCrlf
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk
  }

  get unfinished(): boolean {
    return this.#held !== undefined
  }

  next(message: Message): Verdict {
    const chunk = this.#chunk
    const start = this.#at
    if (start !== this.#messageStart) return this.#search(message)
    // Most of what is received ends with a message.
    if (start === chunk.length) {
      this.#hold()
      return 'more'
    }
    // What lies whole in the chunk, and is as it should be, is not searched for its end first.
    const limit = Math.min(chunk.length, start + MAX_MESSAGE_BYTES)
    if (this.#strictCrlf || !parseWhole(chunk, start, limit, message)) return this.#search(message)
    this.#at = this.#messageStart = this.#lineStart = message.end
    return 'message'
  }

  #search(message: Message): Verdict {
    const found = this.find()
    if (found !== 'message') return found
    // One that was cut in two was not tried yet.
    if (this.bytes !== this.#chunk && parseWhole(this.bytes, this.start, this.end, message)) return 'message'
    this.mistake = parse(this.bytes, this.start, this.end, message)
    return this.mistake === undefined ? 'message' : 'mistake'
  }

  /** Finds where the next message starts and ends, whatever is in it. */
  find(): 'message' | 'more' | Failure {
    const chunk = this.#chunk
    for (;;) {
      // The cap is the message's, not the chunk's: the search never goes beyond it (F3).
      const limit = Math.min(chunk.length, this.#messageStart + MAX_MESSAGE_BYTES)
      const at = nextLf(chunk, this.#at, limit)
      this.#at = at
      if (at === limit) {
        if (at < chunk.length) return new Failure('MESSAGE_TOO_BIG', { hint: 'end each message with an empty line' })
        this.#hold()
        return 'more'
      }
      if (this.#strictCrlf && this.#byte(at - 1) !== CR) return bareLf()
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
      this.#held = undefined
    }
  }

  #byte(at: number): number | undefined {
    return at < 0 ? this.#held?.bytes[this.#held.length + at] : this.#chunk[at]
  }

  /** The message ends before `#at`. */
  #deliver(): void {
    const held = this.#held
    if (held === undefined) {
      this.bytes = this.#chunk
      this.start = this.#messageStart
      this.end = this.#at
    } else {
      held.append(this.#chunk, 0, this.#at)
      this.bytes = held.bytes
      this.start = 0
      this.end = held.length
      this.#held = undefined
    }
    this.#messageStart = this.#at
  }

  /** Keeps what the chunk holds of the unfinished message, and lets the chunk go. */
  #hold(): void {
    const { length } = this.#chunk
    const start = Math.max(this.#messageStart, 0)
    if (start < length) {
      this.#held ??= new Held()
      this.#held.append(this.#chunk, start, length)
    }
    this.#at = 0
    this.#messageStart -= length
    this.#lineStart -= length
    this.#chunk = this.bytes = NO_BYTES
  }
}

/** Of longer lines Node finds the end faster, though to ask it takes 50 ns. */
const LONG_BYTES = 64

/** Where the next LF stands before `limit`; or `limit`, if there is none. */
function nextLf(bytes: Uint8Array, start: number, limit: number): number {
  const soon = Math.min(limit, start + LONG_BYTES)
  let at = start
  while (at < soon && bytes[at] !== LF) at++
  if (at < soon || at === limit) return at
  const found = bytes.indexOf(LF, at)
  return found < 0 ? limit : Math.min(found, limit)
}

/** A line that ends without CR, where that is demanded (F2). */
export const bareLf = (): Failure => new Failure('BARE_LF', { hint: 'end lines with CR LF, as nc -C does' })
