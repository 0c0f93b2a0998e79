import type { PreparedCommand } from '../commands/table.ts'
import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import type { Message, WithId } from '../wire/message.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { MessageReader, Verdict } from '../wire/wire.ts'
import type { SessionHost } from './host.ts'
import type { Intake } from './intake.ts'
import { Kept, type KeptMessage } from './kept.ts'
import type { Replayed } from './replayed.ts'
import type { Receipt, StopLane } from './stop-lane.ts'
import type { Unanswered, Voice } from './voice.ts'

/** So much is read ahead of its turn, in bytes of whole messages: what stands further back is not looked at. */
export const MAX_AHEAD_BYTES = 64 * 1024

/** What reading ahead takes: the parts of a session. */
export interface AheadOptions {
  /** The message at hand. */
  readonly message: Message
  readonly intake: Intake
  readonly host: SessionHost
  readonly stopLane: StopLane
  readonly voice: Voice
  /** When the session was last called upon. */
  readonly nowMs: number
}

/** A command whose answer is not there yet, or has come before its turn. */
export interface Awaited {
  readonly command: PreparedCommand
  readonly id: WithId
  /** Under which the answer comes. */
  readonly ticket: number
  /** Where there is a flight recorder. */
  readonly record?: Unanswered | undefined
  result?: ReplyValues | Failure | Replayed | undefined
}

/** What is decided of a message takes so much memory, in bytes, and so counts for as much at the least. */
const MIN_EARLY_BYTES = 256

interface Sized {
  /** What it counts for. */
  readonly bytes: number
}

interface Refused {
  readonly kind: 'refused'
  readonly refusal: Failure
  readonly id: WithId | undefined
  readonly isHttp: boolean
  /** Where there is a flight recorder. */
  readonly record: Unanswered | undefined
}

/** What is decided of a message before its turn: a command that has run already, or a refusal. */
export type Early = Sized & ({ readonly kind: 'run'; readonly awaited: Awaited } | Refused)

/**
 * What a session that has said HELLO reads while it cannot answer. All is kept in its order, and answered when it is
 * its turn; but a command of the stop lane runs at once.
 */
export class Ahead {
  readonly #session: AheadOptions
  readonly #message: Message
  readonly #intake: Intake
  readonly #host: SessionHost
  readonly #stopLane: StopLane
  readonly #voice: Voice
  /** In their order: messages, and what is decided of others. */
  #waiting: (Kept | Early)[] = []
  /** How many of the first were taken. */
  #taken = 0
  #bytes = 0
  /** `read` has found something. */
  hasRead = false
  /** Nothing that follows will be run. */
  #isOver = false
  /** Counts down, so that no ticket is one of the session's own. */
  #lastTicket = 0

  constructor(session: AheadOptions) {
    const { message, intake, host, stopLane, voice } = session
    this.#session = session
    this.#message = message
    this.#intake = intake
    this.#host = host
    this.#stopLane = stopLane
    this.#voice = voice
  }

  /** Reads what was received. Returns whether more is welcome. */
  read(reader: MessageReader, receipt: Receipt): boolean {
    const message = this.#message
    while (!this.#isOver && !this.isFull) {
      const verdict = reader.next(message, true)
      if (verdict === 'more') return true
      this.hasRead = true
      const early = verdict === 'message' ? this.#judge(message, receipt) : this.#refuse(verdict, reader)
      if (early === undefined) this.#keep(message, receipt)
      else this.#waiting.push(early)
      this.#bytes += early?.bytes ?? message.end - message.commandStart
    }
    return false
  }

  /** So much waits that nothing further back is looked at. */
  get isFull(): boolean {
    return this.#bytes >= MAX_AHEAD_BYTES
  }

  /** The answer to a command that ran before its turn. */
  settle(ticket: number, result: ReplyValues | Failure | Replayed): void {
    for (const waiting of this.#waiting)
      if (waiting.kind === 'run' && waiting.awaited.ticket === ticket) waiting.awaited.result = result
  }

  /** Takes the next, as its turn comes. */
  take(): KeptMessage | Early | undefined {
    const next = this.#waiting[this.#taken]
    if (next === undefined) {
      this.forget()
      // All had their turn, and the session goes on: what was to end it has not.
      this.#isOver = false
      return undefined
    }
    const taken = next.kind === 'messages' ? next.take() : next
    if (taken.kind === 'run') this.#voice.ranAhead.shift()
    this.#bytes -= taken.kind === 'message' ? taken.message.length : taken.bytes
    if (next.kind !== 'messages' || next.isEmpty) this.#shift()
    return taken
  }

  /** Lets go of all that waits. */
  forget(): void {
    this.#waiting = []
    this.#taken = this.#bytes = 0
    this.#voice.ranAhead.length = 0
  }

  #shift(): void {
    // At least as many are let go of as are moved.
    if (++this.#taken * 2 < this.#waiting.length) return
    this.#waiting.splice(0, this.#taken)
    this.#taken = 0
  }

  #keep({ bytes, commandStart, end }: Message, receipt: Receipt): void {
    let last = this.#waiting.at(-1)
    if (last?.kind !== 'messages' || !last.isOf(receipt)) {
      last = new Kept(receipt)
      this.#waiting.push(last)
    }
    last.add(bytes, commandStart, end)
  }

  /** Runs a command of the stop lane. All else waits for its turn. */
  #judge(message: Message, receipt: Receipt): Early | undefined {
    // What follows is a stranger's: none of it is run (F8).
    if (this.#intake.isHttp(message, true)) {
      this.#isOver = true
      return undefined
    }
    if (!this.#intake.isUrgent(message)) return undefined
    const params = this.#intake.admit(message, 'Authenticated')
    const { command, conditions } = this.#intake
    // One with a mistake in it is told so when its turn comes.
    if (params instanceof Failure || command === undefined || conditions?.dryRun === 'yes') return undefined
    const ticket = --this.#lastTicket
    const begun = this.#voice.begin(message, this.#session.nowMs, 'Authenticated')
    // What it was under way, and so its Ttl, does not count: to stop is never wrong.
    const result = this.#host.execute(command, params, ticket, conditions?.key)
    const { hasRun } = this.#host
    // What follows it is not stopped by it.
    if (hasRun) receipt.stops += this.#stopLane.ran(result)
    const record = this.#voice.keep(begun, hasRun && !(result instanceof Failure))
    this.#voice.ranAhead.push(command.spec.name)
    const awaited: Awaited = { command, id: message.copyId(), ticket, record, result }
    return { kind: 'run', awaited, bytes: MIN_EARLY_BYTES }
  }

  #refuse(verdict: Exclude<Verdict, 'more' | 'message'>, reader: MessageReader): Early {
    const message = this.#message
    this.#isOver = true
    const bytes = Math.max(message.end - message.commandStart, MIN_EARLY_BYTES)
    if (verdict !== 'mistake')
      return { kind: 'refused', refusal: verdict, id: undefined, isHttp: false, bytes, record: undefined }
    const refusal = this.#intake.explain(reader.mistake as Failure, message)
    const isHttp = this.#intake.isHttp(message, false)
    this.#isOver = isHttp || (refusal.parts.fatal ?? CODES[refusal.code].fatal === true)
    const id = message.hasGoodId() ? message.copyId() : undefined
    const record = this.#voice.keep(this.#voice.begin(message, this.#session.nowMs, 'Authenticated'), false)
    return { kind: 'refused', refusal, id, isHttp, bytes, record }
  }
}
