import type { Failure } from '../wire/failure.ts'
import { parse } from '../wire/parse.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { OPENING_BYTES, type Stranger } from '../wire/stranger.ts'
import type { MessageReader, Verdict, Wire } from '../wire/wire.ts'
import { Ahead, type AheadOptions, type Early } from './ahead.ts'
import type { Replayed } from './replayed.ts'
import type { Receipt } from './stop-lane.ts'

const NO_BYTES = new Uint8Array(0)

/** What a session receives, and in which order it comes to its turn. */
export class Inbox implements Receipt {
  /** The input has ended (F7). */
  isEnded = false
  /** In what was received last, `readAhead` has found a message, as a sign of life. */
  hasReadAhead = false
  /** When what is read now was received, and how many had been stopped by then. */
  ms: number
  stops: number
  /** The same of the last message: where it was read ahead, of then. */
  receipt: Receipt = this
  readonly #wire: Wire
  readonly #reader: MessageReader
  readonly #shared: AheadOptions
  /** The first bytes, as long as they may still turn out to be of another protocol. */
  #opening: Uint8Array | undefined = NO_BYTES
  /** What was read before its turn, if anything ever was. */
  #ahead: Ahead | undefined

  constructor(wire: Wire, shared: AheadOptions, nowMs: number) {
    this.#wire = wire
    this.#reader = wire.requests()
    this.#shared = shared
    this.ms = nowMs
    this.stops = shared.stopLane.stops
  }

  /** Whether a message has begun and not ended. */
  get unfinished(): boolean {
    return this.#reader.unfinished
  }

  /** After 'mistake': the first there is in the message. */
  get mistake(): Failure | undefined {
    return this.#reader.mistake
  }

  /** Takes what was received. Returns another protocol, if it turns out to be one (F8). */
  push(chunk: Uint8Array, nowMs: number): Stranger | undefined {
    this.#reader.push(chunk)
    this.hasReadAhead = false
    this.ms = nowMs
    this.stops = this.#shared.stopLane.stops
    return this.#opening === undefined ? undefined : this.#look(this.#opening, chunk)
  }

  /** Reads the next message into the view; or what was decided of it before its turn. `greeted`: HELLO has succeeded. */
  next(greeted: boolean): Verdict | Early {
    if (this.#ahead === undefined) return this.#reader.next(this.#shared.message, greeted)
    return this.#takeFrom(this.#ahead) ?? this.#read(greeted)
  }

  #read(greeted: boolean): Verdict {
    const verdict = this.#reader.next(this.#shared.message, greeted)
    // Half a message is received, and yet no sign of life.
    if (verdict !== 'more') this.receipt = this
    return verdict
  }

  #takeFrom(ahead: Ahead): 'message' | Early | undefined {
    const waiting = ahead.take()
    if (waiting?.kind !== 'message') return waiting
    this.receipt = waiting.receipt
    parse(waiting.message, 0, waiting.message.length, this.#shared.message)
    return 'message'
  }

  /** Reads on while nothing can be answered. Returns whether more is welcome. */
  readAhead(): boolean {
    // On a wire without headers there is no stop lane.
    if (!this.#wire.hasHeaders) return false
    this.#ahead ??= new Ahead(this.#shared)
    this.#ahead.hasRead = false
    const wantsMore = this.#ahead.read(this.#reader, this)
    this.hasReadAhead = this.#ahead.hasRead
    this.#shared.message.release()
    return wantsMore
  }

  /** The input of a session that is over: the stop lane is still open, but there are no replies any more. */
  readLate(): void {
    // To the end of what was received, however much that is, since more will come.
    do {
      this.#ahead?.forget()
      this.readAhead()
    } while (this.#ahead?.isFull === true)
    this.#ahead?.forget()
    // After the end nothing is a sign of life.
    this.hasReadAhead = false
  }

  /** The answer to a command that ran before its turn. */
  settleAhead(ticket: number, result: ReplyValues | Failure | Replayed): void {
    this.#ahead?.settle(ticket, result)
  }

  #look(before: Uint8Array, chunk: Uint8Array): Stranger | undefined {
    const opening = before.length === 0 ? chunk.subarray(0, OPENING_BYTES) : joined(before, chunk)
    this.#opening = opening.length < OPENING_BYTES ? new Uint8Array(opening) : undefined
    return this.#wire.recognize(opening)
  }
}

const joined = (before: Uint8Array, chunk: Uint8Array): Uint8Array =>
  new Uint8Array([...before, ...chunk.subarray(0, OPENING_BYTES - before.length)])
