import type { SessionState } from '../commands/command.ts'
import { type PreparedCommand, touchesMotion } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { Message, WithId } from '../wire/message.ts'
import type { Output } from '../wire/output.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { AheadOptions, Awaited, Early } from './ahead.ts'
import { Deadlines } from './deadlines.ts'
import type { Asking, Dispatcher } from './dispatcher.ts'
import { type CloseReason, type Progress, type SessionHost, type SessionOptions, turnBytes } from './host.ts'
import { Inbox } from './inbox.ts'
import type { Intake } from './intake.ts'
import { incomplete, tooLate, unanswered } from './refusals.ts'
import { outcomeOf, Replayed } from './replayed.ts'
import { LEADING, STATES, stateAfter } from './states.ts'
import type { StopLane } from './stop-lane.ts'
import { type Unanswered, Voice } from './voice.ts'
import type { Workbench } from './workbench.ts'

/**
 * One conversation: bytes in, bytes out (into an `Output`), and between them the state machine of section 5. It knows no
 * socket and no clock: the time, in milliseconds of a monotonic clock, is an argument.
 */
export class Session implements AheadOptions, Asking {
  /** Messages taken, good and bad. */
  messages = 0
  state: SessionState = 'Handshake'
  /** Why it is over, once it is. */
  closeReason: CloseReason | undefined
  readonly host: SessionHost
  readonly intake: Intake
  readonly stopLane: StopLane
  readonly #output: Output
  /** The message at hand. */
  readonly message: Message
  readonly #boundary: string
  readonly #inbox: Inbox
  readonly #dispatcher: Dispatcher
  readonly voice: Voice
  readonly deadlines: Deadlines
  #awaited: Awaited | undefined
  /** When it was last called upon. */
  nowMs: number
  /** When HELLO succeeded. */
  greetedMs: number | undefined

  constructor(
    { wire, greeting, timeouts }: SessionOptions,
    host: SessionHost,
    { output, message, intake, dispatcher, stopLane }: Workbench,
    nowMs: number,
  ) {
    this.host = host
    this.stopLane = stopLane
    this.#output = output
    this.message = message
    this.#boundary = wire.boundary
    this.intake = intake
    this.#dispatcher = dispatcher
    this.nowMs = nowMs
    this.voice = new Voice(wire, output, host)
    this.#inbox = new Inbox(wire, this, nowMs)
    this.deadlines = new Deadlines(timeouts, nowMs)
    output.bytes(greeting)
  }

  /** Takes what was received. At the start, and when the last progress was 'starved'. */
  receive(chunk: Uint8Array, nowMs: number): Progress {
    const stranger = this.#inbox.push(chunk, nowMs)
    if (stranger !== undefined) this.#leave(stranger)
    return this.advance(nowMs)
  }

  /** Takes what was received at any other time, also after the end. Returns whether more is welcome. */
  receiveAhead(chunk: Uint8Array, nowMs: number): boolean {
    this.nowMs = nowMs
    this.#inbox.push(chunk, nowMs)
    const wantsMore = this.lookAhead()
    if (this.#inbox.hasReadAhead && this.deadlines.heard(nowMs)) this.host.leaseChanged('regained')
    return wantsMore
  }

  /** Reads on while nothing is answered, within a bound: what is of the stop lane runs at once. Whether more is welcome. */
  lookAhead(): boolean {
    if (this.state === 'Authenticated') return this.#inbox.readAhead()
    if (this.closeReason === 'SHUTTING_DOWN' && this.greetedMs !== undefined) this.#inbox.readLate()
    return false
  }

  /** The input has ended: all that came whole before it is answered (F7), once `advance` comes to it. */
  finish(): void {
    this.#inbox.isEnded = true
  }

  /** Goes on after 'full', and after `settle` and `finish`. */
  advance(nowMs: number): Progress {
    const taken = this.messages
    this.nowMs = nowMs
    const progress = this.#run()
    if (this.messages !== taken) {
      if (this.deadlines.heard(this.#inbox.receipt.ms)) this.host.leaseChanged('regained')
      this.deadlines.active(nowMs)
      if (progress === 'awaiting') this.deadlines.awaiting(nowMs)
    }
    if (progress === 'starved') {
      this.message.release()
      this.deadlines.read(nowMs, this.#inbox.unfinished)
    }
    return progress
  }

  /** Gives the answer to a command that is awaited; `advance` then goes on with what stands behind it. */
  settle(ticket: number, result: ReplyValues | Failure | Replayed, nowMs: number): void {
    if (this.#awaited?.ticket !== ticket) return this.#inbox.settleAhead(ticket, result)
    const awaited = this.#awaited
    this.#awaited = undefined
    this.#settle(awaited, result)
    this.deadlines.active(nowMs)
  }

  /** Ends the session with a last word. To a command that is awaited it is the answer (R8). */
  end(failure: Failure): void {
    if (this.state === 'Closing') return
    this.#refuse(failure, undefined, this.#awaited?.record)
    this.lookAhead()
  }

  /** The connection is gone: what is awaited has no answer, and yet it has begun. */
  abandon(): void {
    this.voice.unanswered(this.#awaited?.record)
  }

  /** When `expire` is to be called, if nothing happens before; infinite if never. */
  get deadlineMs(): number {
    return this.state === 'Closing' ? Number.POSITIVE_INFINITY : this.deadlines.next(this.#awaited !== undefined)
  }

  /** Ends the session if a deadline has passed; but where a command is not answered in time, only the command. */
  expire(nowMs: number): void {
    if (this.state === 'Closing') return
    const awaited = this.#awaited
    const passed = this.deadlines.passed(nowMs, awaited !== undefined)
    if (passed === 'lease') this.host.leaseChanged('lost')
    else if (passed === 'command' && awaited !== undefined) {
      this.host.broken(awaited.command, new Error('No answer came in time'))
      this.settle(awaited.ticket, unanswered(awaited.command.spec.name), nowMs)
    } else if (passed !== undefined && passed !== 'command') this.#refuse(tooLate(passed, this.#boundary))
  }

  #run(): Progress {
    const inbox = this.#inbox
    const output = this.#output
    // Also what is sent within the turn counts.
    const before = output.takenBytes
    while (this.state !== 'Closing') {
      if (this.#awaited !== undefined) return 'awaiting'
      if (output.takenBytes - before + output.length >= turnBytes(this.state)) return 'full'
      const verdict = inbox.next(this.state !== 'Handshake')
      if (verdict === 'message') this.#judge(undefined)
      else if (verdict === 'mistake') this.#judge(inbox.mistake)
      else if (verdict !== 'more') this.#tell(verdict)
      else if (!inbox.isEnded) return 'starved'
      else if (inbox.unfinished) this.#refuse(incomplete(this.#boundary))
      else this.#close('END')
    }
    return 'closed'
  }

  #judge(fault: Failure | undefined): void {
    this.messages++
    const message = this.message
    if (this.intake.isHttp(message, fault === undefined)) return this.#leave('HTTP')
    const record = this.voice.begin(message, this.nowMs, this.state)
    const dispatcher = this.#dispatcher
    const result =
      fault === undefined ? dispatcher.run(message, this.#inbox.receipt, this) : this.intake.explain(fault, message)
    const { command, ticket } = dispatcher
    if (result === undefined)
      this.#awaited = {
        command,
        id: message.copyId(),
        ticket,
        record: this.voice.keep(record, this.host.hasRun && touchesMotion(command)),
      }
    else this.#reply(command, result, result instanceof Failure && !message.hasGoodId() ? undefined : message)
    if (result !== undefined) this.voice.recordWhole(record, message, this.state, outcomeOf(result))
  }

  /** Says why the stream cannot be followed, or what was decided of a message before its turn. */
  #tell(verdict: Failure | Early): void {
    if (verdict instanceof Failure) return this.#refuse(verdict)
    this.messages++
    if (verdict.kind === 'refused') {
      const { isHttp, refusal, id, record } = verdict
      return isHttp ? this.#leave('HTTP') : this.#refuse(refusal, id, record)
    }
    const { awaited } = verdict
    if (awaited.result === undefined) this.#awaited = awaited
    else this.#settle(awaited, awaited.result)
  }

  #settle({ command, id, record }: Awaited, result: ReplyValues | Failure | Replayed): void {
    this.#reply(command, result, id)
    this.voice.record(record, outcomeOf(result))
  }

  #reply(command: PreparedCommand, result: ReplyValues | Failure | Replayed, answered?: WithId): void {
    if (result instanceof Replayed) return this.#reply(result.of(command), result.told, answered)
    const failure = this.voice.answer(command, result, answered, this.state)
    if (failure !== undefined) return this.#closeOn(failure)
    const { spec, ofSession } = command
    if (ofSession && LEADING.has(spec.name)) this.#enter(stateAfter(this.state, spec.name))
    this.voice.succeeded(this.state)
  }

  #enter(state: SessionState): void {
    if (this.state === 'Handshake' && state === 'Authenticated') {
      this.greetedMs = this.nowMs
      this.deadlines.greeted(this.nowMs, this.host.leaseMs)
      this.host.greeted()
    }
    if (state === 'Closing') this.closeReason = 'QUIT'
    this.state = state
  }

  /** Answers `ERR`: to a message, or to the session as a whole. */
  #refuse(failure: Failure, answered?: WithId, record?: Unanswered): void {
    this.#closeOn(this.voice.refuse(failure, answered, this.state))
    this.voice.record(record, 'answered')
  }

  #closeOn({ code, parts }: Failure): void {
    if (parts.fatal === true) this.#close(code)
  }

  /** Leaves a stranger without a word (F8). */
  #leave(stranger: Stranger): void {
    this.host.strange(stranger)
    this.#close(stranger)
  }

  #close(reason: CloseReason): void {
    if (reason === 'END') this.host.leaving()
    this.#awaited = undefined
    this.state = STATES[this.state].end
    this.closeReason = reason
  }
}
