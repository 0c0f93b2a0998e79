import type { SessionState } from '../commands/command.ts'
import type { PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import type { Message, WithId } from '../wire/message.ts'
import type { Output } from '../wire/output.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { type Span, spanOf } from '../wire/span.ts'
import type { Wire } from '../wire/wire.ts'
import type { Outcome, SessionHost } from './host.ts'
import { Mistakes } from './mistakes.ts'
import { stateAfter } from './states.ts'
import { trimmed, withoutToken } from './without-token.ts'

/** A message that is in no record yet, since it has no answer. */
export interface Unanswered {
  readonly message: Span
  readonly ranMs: number
  /** Which began before, of those that ran at the same time. */
  readonly order: number
  /** HELLO had not succeeded when it came. */
  readonly wasStranger: boolean
}

/** What a session says: good replies and failures, on its wire. */
export class Voice {
  /** `ERR` replies given. */
  failures = 0
  /** The commands that were run before their turn, and are not answered yet. */
  readonly ranAhead: string[] = []
  readonly #wire: Wire
  readonly #output: Output
  readonly #host: SessionHost
  /** Once there are any. */
  #mistakes: Mistakes | undefined
  /** Where the last reply begins. */
  #start = 0

  constructor(wire: Wire, output: Output, host: SessionHost) {
    this.#wire = wire
    this.#output = output
    this.#host = host
  }

  /** Begins the record of a message that is about to be answered, if there is to be any: valid as long as its bytes. */
  begin(message: Message, ranMs: number, state: SessionState): Unanswered | undefined {
    return this.#host.isRecording ? this.#begin(message, ranMs, state) : undefined
  }

  #begin(message: Message, ranMs: number, state: SessionState): Unanswered {
    // A stranger's values may be a token (R4).
    const wasStranger = state === 'Handshake'
    const end = wasStranger ? message.commandEnd : message.end
    return {
      message: trimmed(message.bytes, message.commandStart, end),
      ranMs,
      order: this.#host.order(),
      wasStranger,
    }
  }

  /** For a message that is answered when its bytes are gone. What it has begun is recorded by then. */
  keep(record: Unanswered | undefined, hasBegun: boolean): Unanswered | undefined {
    if (record === undefined) return undefined
    if (hasBegun) this.#record(record, 'begun', this.#output.length)
    const { bytes, start, end } = record.message
    // Not `slice`, which of a Buffer is no copy.
    return { ...record, message: spanOf(new Uint8Array(bytes.subarray(start, end))) }
  }

  /** Ends it, with the last reply. */
  record(record: Unanswered | undefined, outcome: Outcome): void {
    if (record !== undefined) this.#record(record, outcome, this.#start)
  }

  /** Ends it in the same way; of a HELLO that has succeeded it is known what is the token, and all else can be told. */
  recordWhole(record: Unanswered | undefined, message: Message, state: SessionState, outcome: Outcome): void {
    const isWelcome = record?.wasStranger === true && state === 'Authenticated'
    this.record(isWelcome ? { ...record, message: withoutToken(message) } : record, outcome)
  }

  /** Ends it without one. */
  unanswered(record: Unanswered | undefined): void {
    if (record !== undefined) this.#record(record, 'answered', this.#output.length)
  }

  #record({ message, ranMs, order }: Unanswered, outcome: Outcome, from: number): void {
    const reply = this.#wire.asText(this.#output.since(from))
    this.#host.record({ message, reply, ranMs, order, outcome })
  }

  /** Says what came of a command; or INTERNAL, where no message can hold that. Returns the failure that was said. */
  answer(
    command: PreparedCommand,
    result: ReplyValues | Failure,
    answered: WithId | undefined,
    state: SessionState,
  ): Failure | undefined {
    const { spec, ofSession } = command
    if (ofSession && !(result instanceof Failure) && stateAfter(state, spec.name) === 'Closing') this.#host.leaving()
    const output = this.#output
    this.#start = output.length
    try {
      if (result instanceof Failure) return this.refuse(result, answered, state)
      this.#wire.writeReply(output, command.reply, result, answered)
      // The cap is the client's, too (F3).
      if (output.length - this.#start > MAX_MESSAGE_BYTES) throw tooBig()
      return undefined
    } catch (error) {
      output.endAt(this.#start)
      this.#host.broken(command, error)
      return this.refuse(new Failure('INTERNAL'), answered, state)
    }
  }

  /** A good reply was given, and has led to this state. */
  succeeded(state: SessionState): void {
    this.#mistakes?.succeeded(state)
  }

  /** Says `ERR`, to a message or to the session as a whole. Returns what was said: whether it is fatal is decided here. */
  refuse(failure: Failure, answered: WithId | undefined, state: SessionState): Failure {
    this.#mistakes ??= new Mistakes()
    const judged = this.#mistakes.judge(failure, state)
    const isLast = judged.parts.fatal === true && this.ranAhead.length > 0
    const told = isLast
      ? new Failure(judged.code, { ...judged.parts, ranAhead: [...new Set(this.ranAhead)].join(', ') })
      : judged
    const { code, parts } = told
    // Also a soft mistake that is the last one has its Id, but nothing that is fatal by itself (R2).
    const echoesId = failure.parts.fatal !== true && (parts.fatal !== true || code === 'TOO_MANY_ERRORS')
    if (parts.fatal === true) this.#host.leaving()
    this.#start = this.#output.length
    this.#wire.writeFailure(this.#output, told, echoesId ? answered : undefined)
    this.failures++
    this.#host.refused(told)
    return told
  }
}

const tooBig = () => new RangeError(`The reply is over ${MAX_MESSAGE_BYTES} bytes`)
