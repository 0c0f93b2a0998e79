import type { AnyHandler, HandlerResult } from '../commands/define.ts'
import type { Topic } from '../commands/events.ts'
import type { Context, Guest } from '../commands/handler.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import type { Answered, SessionHost } from '../session/host.ts'
import type { Replayed } from '../session/replayed.ts'
import { Failure } from '../wire/failure.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { ConnectionLog } from './connection-log.ts'
import type { Control } from './control.ts'
import type { Visit } from './gate.ts'
import type { Reviewer } from './identities.ts'
import { Keyed } from './keyed.ts'
import type { Newcomer } from './newcomer.ts'
import { Presence } from './presence.ts'
import { rightsRefusal } from './rights.ts'
import type { RunnerOptions } from './runner-options.ts'
import type { Subscriber } from './subscriber.ts'

/** Takes what a command came to, for those who send it again. */
type Settle = (result: HandlerResult) => void

/** What a runner asks of whoever owns the connection. */
export interface RunnerHost {
  /** What was not answered at once is answered now. */
  answered(ticket: number, result: HandlerResult | Replayed): void
  /** Made when it is first asked for: most never are. */
  readonly subscriber: Subscriber
  /** No events any more, of one topic or of all, but those of what was done by now. */
  unsubscribe(topic?: Topic): void
}

/** Between a session and the handlers: has commands carried out, whatever those do, and is what they know of it. */
export class Runner implements SessionHost, Context {
  readonly certificate: string | undefined
  readonly #options: RunnerOptions
  readonly #visit: Visit
  readonly #log: ConnectionLog
  readonly #host: RunnerHost
  readonly #presence: Presence
  readonly #keyed: Keyed
  #abort: AbortController | undefined
  #isOver = false
  lastOperation = 0
  hasRun = false
  /** The command that is being begun is to outlive the connection. */
  #outlives = false

  constructor(options: RunnerOptions, { certificate, visit, log }: Newcomer, host: RunnerHost) {
    this.certificate = certificate
    this.#options = options
    this.#visit = visit
    this.#log = log
    this.#host = host
    this.#presence = new Presence(options, log)
    this.#keyed = new Keyed(options, this.#presence, this)
  }

  // What the session asks for.

  execute(
    command: PreparedCommand,
    params: DecodedParams,
    ticket: number,
    key?: string,
    late?: Failure,
  ): HandlerResult | Replayed | undefined {
    this.hasRun = false
    if (key !== undefined && this.#keyed.matters(command)) return this.#runOnce(command, params, ticket, key, late)
    return late ?? this.#refusal(command) ?? this.#run(command, params, ticket)
  }

  check(command: PreparedCommand, params: DecodedParams, key?: string): Failure | undefined {
    const before = key === undefined ? undefined : this.#keyed.find(command, params, key)
    // Sent again it would be answered as it was then.
    if (before !== undefined) return before instanceof Failure ? before : undefined
    try {
      return this.#refusal(command) ?? this.#options.checks[command.index]?.(params as never, this)
    } catch (error) {
      return this.#failed(command, error)
    }
  }

  get isRecording(): boolean {
    return this.#options.recorder !== undefined
  }

  order(): number {
    return this.#options.recorder?.order() ?? 0
  }

  record(answered: Answered): void {
    this.#options.recorder?.command(this.#log.connection, this.#presence.label, answered)
  }

  broken(command: PreparedCommand, error: unknown): void {
    this.#log.handlerFailed(command.spec.name, error)
  }

  greeted(): void {
    this.#visit.settled()
  }

  refused(failure: Failure): void {
    this.#visit.offended(failure.code)
    this.#log.refused(failure)
  }

  strange(protocol: Stranger): void {
    this.#log.strange(protocol)
  }

  get leaseMs(): number | undefined {
    return this.#presence.leaseMs
  }

  leaseChanged(state: 'lost' | 'regained'): void {
    this.#presence.leaseChanged(state)
  }

  /** Whether it is somebody still, by other credentials. */
  review(reviewer: Reviewer): boolean {
    return this.#presence.review(reviewer, this.certificate)
  }

  /** No answer can be given any more. */
  end(orderly: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#abort?.abort()
    this.#presence.left(orderly)
  }

  // What a handler asks for.

  get signal(): AbortSignal {
    if (this.#outlives) return this.#options.lifetime
    this.#abort ??= new AbortController()
    if (this.#isOver) this.#abort.abort()
    return this.#abort.signal
  }

  get identity(): string | undefined {
    return this.#presence.identity
  }

  get session(): number {
    return this.#log.connection
  }

  nextOperation(): number {
    return ++this.lastOperation
  }

  welcome(guest: Guest): void {
    this.#presence.welcome(guest)
  }

  refusalToAcquire(force: boolean): Failure | undefined {
    return this.#presence.refusalToAcquire(force)
  }

  acquire(force: boolean): Failure | undefined {
    return this.#presence.acquire(force)
  }

  release(): void {
    this.#options.control.giveBack(this.#presence)
  }

  get control(): Control['mode'] {
    return this.#options.control.mode
  }

  subscribe(topic: Topic, rateHz: number): void {
    // One that is gone would stay among those who get events.
    if (!this.#isOver) this.#host.subscriber.subscribe(topic, rateHz)
  }

  unsubscribe(topic?: Topic): void {
    if (!this.#isOver) this.#host.unsubscribe(topic)
  }

  leaving(): void {
    this.unsubscribe()
  }

  #refusal(command: PreparedCommand): Failure | undefined {
    return rightsRefusal(command, this.#presence, this.#options)
  }

  /** Answers now; or with undefined, and later, under the ticket. */
  #run(command: PreparedCommand, params: DecodedParams, ticket: number, settle?: Settle): HandlerResult | undefined {
    // What has a Key goes on when the connection is gone: whoever sends it again is told how it ended.
    this.#outlives = settle !== undefined
    this.hasRun = true
    try {
      const handler = this.#options.handlers[command.index] as AnyHandler
      // What decoding gives is what the row of the command says, and so what its handler takes.
      const result = handler(params as never, this)
      if ((command.motion || command.urgent) && !(result instanceof Failure)) this.#begun(command)
      if (result instanceof Promise) return this.#await(command, result, ticket, settle)
      return result ?? this.#failed(command, new TypeError('No reply was given'))
    } catch (error) {
      return this.#failed(command, error)
    }
  }

  #runOnce(
    command: PreparedCommand,
    params: DecodedParams,
    ticket: number,
    key: string,
    late: Failure | undefined,
  ): HandlerResult | Replayed | undefined {
    const keyed = this.#keyed
    const before = keyed.find(command, params, key)
    if (before instanceof Failure) return before
    if (before !== undefined) return keyed.replay(before, (replayed) => this.#host.answered(ticket, replayed))
    const settle = keyed.begin(command, params, key)
    const result = late ?? this.#refusal(command) ?? this.#run(command, params, ticket, settle)
    if (result !== undefined) settle(result)
    return result
  }

  /** Who tells the drone where to be is there, and in control where that is motion; who is refused is neither. */
  #begun({ motion }: PreparedCommand): void {
    const { control, failsafe } = this.#options
    if (!motion) return failsafe.calm()
    failsafe.flown(this.#presence)
    control.take(this.#presence)
  }

  #await(command: PreparedCommand, result: Promise<HandlerResult>, ticket: number, settle?: Settle): undefined {
    result
      .catch((error) => this.#failed(command, error))
      .then((given) => {
        const answer = given ?? this.#failed(command, new TypeError('No reply was given'))
        settle?.(answer)
        this.#host.answered(ticket, answer)
      })
      .catch((error) => this.broken(command, error))
  }

  #failed(command: PreparedCommand, error: unknown): Failure {
    this.broken(command, error)
    return new Failure('INTERNAL', { reason: `${command.spec.name} failed inside the server` })
  }
}
