import type { SessionState } from '../commands/command.ts'
import { decode } from '../commands/decode.ts'
import type { CommandTable, PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import type { Message, WithId } from '../wire/message.ts'
import type { Output } from '../wire/output.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { OPENING_BYTES, type Stranger } from '../wire/stranger.ts'
import type { MessageReader, Wire } from '../wire/wire.ts'
import { Deadlines } from './deadlines.ts'
import {
  type CloseReason,
  MAX_WAITING_BYTES,
  type Progress,
  type SessionHost,
  type SessionOptions,
  type Workbench,
} from './host.ts'
import { Mistakes } from './mistakes.ts'
import { badId, explain, incomplete, tooLate, unanswered, unknownCommand, wrongState } from './refusals.ts'
import { LEADING, STATES, stateAfter } from './states.ts'
import { isHttp } from './stranger.ts'

const NO_BYTES = new Uint8Array(0)

/**
 * One conversation: bytes in, bytes out, and between them the state machine of section 5. It knows no socket and no
 * clock: the time, in milliseconds of a monotonic clock, is an argument, and replies are collected in an `Output`.
 */
export class Session {
  /** Messages taken, good and bad. */
  messages = 0
  /** `ERR` replies given. */
  failures = 0
  readonly #table: CommandTable
  readonly #host: SessionHost
  readonly #output: Output
  /** The message at hand. */
  readonly #message: Message
  readonly #wire: Wire
  readonly #reader: MessageReader
  readonly #mistakes = new Mistakes()
  readonly #deadlines: Deadlines
  #state: SessionState = 'Handshake'
  #fullBytes = MAX_WAITING_BYTES.Handshake
  #closeReason: CloseReason | undefined
  #awaited: { readonly command: PreparedCommand; readonly id: WithId } | undefined
  /** The first bytes, as long as they may still turn out to be of another protocol. */
  #opening: Uint8Array | undefined = NO_BYTES
  #inputEnded = false

  constructor(
    { table, wire, greeting, timeouts }: SessionOptions,
    host: SessionHost,
    { output, message }: Workbench,
    nowMs: number,
  ) {
    this.#table = table
    this.#host = host
    this.#output = output
    this.#message = message
    this.#wire = wire
    this.#reader = wire.requests()
    this.#deadlines = new Deadlines(timeouts, nowMs)
    output.bytes(greeting)
  }

  get state(): SessionState {
    return this.#state
  }

  get closeReason(): CloseReason | undefined {
    return this.#closeReason
  }

  /** Takes what was received. At the start, and when the last progress was 'starved'. */
  receive(chunk: Uint8Array, nowMs: number): Progress {
    if (this.#opening !== undefined) this.#look(this.#opening, chunk)
    this.#reader.push(chunk)
    return this.advance(nowMs)
  }

  /** Takes the end of the input: all that came whole before it is answered (F7). */
  finish(nowMs: number): Progress {
    this.#inputEnded = true
    return this.advance(nowMs)
  }

  /** Goes on after 'full', and after `settle`. */
  advance(nowMs: number): Progress {
    const taken = this.messages
    const progress = this.#run()
    if (this.messages !== taken) {
      this.#deadlines.active(nowMs)
      if (progress === 'awaiting') this.#deadlines.awaiting(nowMs)
    }
    if (progress === 'starved') {
      this.#message.release()
      this.#deadlines.read(nowMs, this.#reader.unfinished)
    }
    return progress
  }

  /** Gives the answer to the command that is awaited; `advance` then goes on with what stands behind it. */
  settle(result: ReplyValues | Failure, nowMs: number): void {
    if (this.#awaited === undefined) return
    const { command, id } = this.#awaited
    this.#awaited = undefined
    this.#answer(command, result, id)
    this.#deadlines.active(nowMs)
  }

  /** Ends the session with a last word. To a command that is awaited it is the answer (R8). */
  end(failure: Failure): void {
    if (this.#state !== 'Closing') this.#refuse(failure)
  }

  /** Nothing is read from here on, because the peer does not take its replies. */
  pause(nowMs: number): void {
    this.#deadlines.pause(nowMs)
  }

  resume(nowMs: number): void {
    this.#deadlines.resume(nowMs)
  }

  /** When `expire` is to be called, if nothing happens before; infinite if never. */
  get deadlineMs(): number {
    if (this.#state === 'Closing') return Number.POSITIVE_INFINITY
    return this.#awaited === undefined ? this.#deadlines.next : this.#deadlines.command
  }

  /** Ends the session if a deadline has passed; but where a command is not answered in time, only the command. */
  expire(nowMs: number): void {
    if (this.deadlineMs > nowMs) return
    if (this.#awaited !== undefined) {
      const { command } = this.#awaited
      this.#host.broken(command, new Error('No answer came in time'))
      return this.settle(unanswered(command.spec.name), nowMs)
    }
    const code = this.#deadlines.passed(nowMs)
    if (code !== undefined) this.#refuse(tooLate(code, this.#wire.boundary))
  }

  #run(): Progress {
    const reader = this.#reader
    while (this.#state !== 'Closing') {
      if (this.#awaited !== undefined) return 'awaiting'
      if (this.#output.length >= this.#fullBytes) return 'full'
      const verdict = reader.next(this.#message, this.#state !== 'Handshake')
      if (verdict === 'message') this.#take(undefined)
      else if (verdict === 'mistake') this.#take(reader.mistake)
      else if (verdict !== 'more') this.#refuse(verdict)
      else if (!this.#inputEnded) return 'starved'
      else if (reader.unfinished) this.#refuse(incomplete(this.#wire.boundary))
      else this.#close('END')
    }
    return 'closed'
  }

  #look(before: Uint8Array, chunk: Uint8Array): void {
    const opening = new Uint8Array([...before, ...chunk.subarray(0, OPENING_BYTES - before.length)])
    this.#opening = opening.length < OPENING_BYTES ? opening : undefined
    const stranger = this.#wire.recognize(opening)
    if (stranger !== undefined) this.#leave(stranger)
  }

  #take(fault: Failure | undefined): void {
    this.messages++
    const message = this.#message
    if (isHttp(message, fault === undefined, this.#table)) return this.#leave('HTTP')
    const failure = fault === undefined ? this.#dispatch(message) : explain(fault, message, this.#table)
    if (failure !== undefined) this.#refuse(failure, message.hasGoodId() ? message : undefined)
  }

  /** Runs the command of a message, or says why not, in the order of R7. */
  #dispatch(message: Message): Failure | undefined {
    const command = this.#table.find(message)
    if (command === undefined) return unknownCommand(message, this.#table)
    const { name, states } = command.spec
    if (!states.includes(this.#state)) return wrongState(name, this.#state)
    if (message.idStart >= 0 && !message.hasGoodId()) return badId(message)
    const params = decode(command, message)
    if (params instanceof Failure) return params
    const result = this.#host.execute(command, params)
    if (result === undefined) this.#awaited = { command, id: message.copyId() }
    else this.#answer(command, result, message)
    return undefined
  }

  #answer(command: PreparedCommand, result: ReplyValues | Failure, answered: WithId): void {
    const output = this.#output
    const before = output.length
    try {
      if (result instanceof Failure) return this.#refuse(result, answered)
      this.#wire.writeReply(output, command.reply, result, answered)
      // The cap is the client's, too (F3).
      if (output.length - before > MAX_MESSAGE_BYTES)
        throw new RangeError(`The reply is over ${MAX_MESSAGE_BYTES} bytes`)
    } catch (error) {
      output.rewind(before)
      this.#host.broken(command, error)
      return this.#refuse(new Failure('INTERNAL'), answered)
    }
    if (LEADING.has(command.spec.name)) this.#enter(stateAfter(this.#state, command.spec.name))
    this.#mistakes.succeeded(this.#state)
  }

  #enter(state: SessionState): void {
    if (this.#state === 'Handshake' && state === 'Authenticated') {
      this.#deadlines.greeted()
      this.#host.greeted()
    }
    if (state === 'Closing') this.#closeReason = 'QUIT'
    this.#state = state
    this.#fullBytes = MAX_WAITING_BYTES[state]
  }

  /** Answers `ERR`: to a message, or to the session as a whole. */
  #refuse(failure: Failure, answered?: WithId): void {
    const told = this.#mistakes.judge(failure, this.#state)
    const { code, parts } = told
    // Also a soft mistake that is the last one has its Id, but nothing that is fatal by itself (R2).
    const echoesId = failure.parts.fatal !== true && (parts.fatal !== true || code === 'TOO_MANY_ERRORS')
    this.#wire.writeFailure(this.#output, told, echoesId ? answered : undefined)
    this.failures++
    this.#host.refused(told)
    if (parts.fatal === true) this.#close(code)
  }

  /** Leaves a stranger without a word (F8). */
  #leave(stranger: Stranger): void {
    this.#host.strange(stranger)
    this.#close(stranger)
  }

  #close(reason: CloseReason): void {
    this.#awaited = undefined
    this.#state = STATES[this.#state].end
    this.#closeReason = reason
  }
}
