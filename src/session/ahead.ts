import type { PreparedCommand } from '../commands/table.ts'
import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import type { Message, WithId } from '../wire/message.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { MessageReader, Verdict } from '../wire/wire.ts'
import type { SessionHost } from './host.ts'
import type { Intake } from './intake.ts'
import type { Replayed } from './replayed.ts'
import { LEADING } from './states.ts'
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

/** What a message counts for whose length is not known. */
const MIN_MESSAGE_BYTES = 64

interface Sized {
  /** The length of the message. */
  readonly bytes: number
}

interface Refused {
  readonly kind: 'refused'
  readonly refusal: Failure
  readonly id: WithId | undefined
  readonly isHttp: boolean
}

/** What is decided of a message before its turn: a command that has run already, or a refusal. */
export type Early = Sized & ({ readonly kind: 'run'; readonly awaited: Awaited } | Refused)

/** What waits for its turn: a message as the text wire has it, or what is decided of it. */
export type Waiting =
  | (Sized & { readonly kind: 'message'; readonly message: Uint8Array; readonly receipt: Receipt })
  | Early

/**
 * What a session that has said HELLO reads while it cannot answer. All is kept in its order, and answered when it is
 * its turn; but a command of the stop lane runs at once.
 */
export class Ahead {
  readonly #message: Message
  readonly #intake: Intake
  readonly #host: SessionHost
  readonly #stopLane: StopLane
  readonly #voice: Voice
  #waiting: Waiting[] = []
  /** How many of the first were taken. */
  #taken = 0
  #bytes = 0
  /** Nothing that follows will be run. */
  #isOver = false
  /** Counts down, so that no ticket is one of the session's own. */
  #lastTicket = 0

  constructor({ message, intake, host, stopLane, voice }: AheadOptions) {
    this.#message = message
    this.#intake = intake
    this.#host = host
    this.#stopLane = stopLane
    this.#voice = voice
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Reads what was received. Returns whether more is welcome. */
  read(reader: MessageReader, receipt: Receipt): boolean {
    const message = this.#message
    while (!this.#isOver && !this.isFull) {
      const verdict = reader.next(message, true)
      if (verdict === 'more') return true
      const next = verdict === 'message' ? this.#keep(message, receipt) : this.#refuse(verdict, reader, message)
      this.#waiting.push(next)
      this.#bytes += next.bytes
      // What follows a command of the stop lane is not stopped by it.
      receipt.stops = this.#stopLane.stops
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
  take(): Waiting | undefined {
    const next = this.#waiting[this.#taken]
    if (next === undefined) {
      this.forget()
      // All had their turn, and the session goes on: what was to end it has not.
      this.#isOver = false
      return undefined
    }
    this.#bytes -= next.bytes
    // At least as many are let go of as are moved.
    if (++this.#taken * 2 >= this.#waiting.length) {
      this.#waiting.splice(0, this.#taken)
      this.#taken = 0
    }
    return next
  }

  /** Lets go of all that waits. */
  forget(): void {
    this.#waiting = []
    this.#taken = this.#bytes = 0
  }

  #keep(message: Message, receipt: Receipt): Waiting {
    const copy = new Uint8Array(message.bytes.subarray(message.commandStart, message.end))
    const kept: Waiting = {
      kind: 'message',
      message: copy,
      receipt: { ms: receipt.ms, stops: receipt.stops },
      bytes: copy.length,
    }
    // What follows is a stranger's: none of it is run (F8).
    if (this.#intake.isHttp(message, true)) {
      this.#isOver = true
      return kept
    }
    const params = this.#intake.admit(message, 'Authenticated')
    const { command, conditions } = this.#intake
    // One with a mistake in it is told so when its turn comes.
    if (params instanceof Failure || command === undefined) return kept
    if (conditions?.dryRun === 'yes') return kept
    if (LEADING.has(command.spec.name)) this.#isOver = true
    if (!command.urgent) return kept
    const ticket = --this.#lastTicket
    const record = this.#voice.keep(this.#voice.begin(message, receipt.ms, 'Authenticated'))
    // What it was under way, and so its Ttl, does not count: to stop is never wrong.
    const result = this.#host.execute(command, params, ticket, conditions?.key)
    this.#stopLane.ran(result)
    const awaited: Awaited = { command, id: message.copyId(), ticket, record, result }
    return { kind: 'run', awaited, bytes: copy.length }
  }

  #refuse(verdict: Exclude<Verdict, 'more' | 'message'>, reader: MessageReader, message: Message): Waiting {
    this.#isOver = true
    const bytes = Math.max(message.end - message.commandStart, MIN_MESSAGE_BYTES)
    if (verdict !== 'mistake') return { kind: 'refused', refusal: verdict, id: undefined, isHttp: false, bytes }
    const refusal = this.#intake.explain(reader.mistake as Failure, message)
    const isHttp = this.#intake.isHttp(message, false)
    this.#isOver = isHttp || (refusal.parts.fatal ?? CODES[refusal.code].fatal === true)
    return { kind: 'refused', refusal, id: message.hasGoodId() ? message.copyId() : undefined, isHttp, bytes }
  }
}
