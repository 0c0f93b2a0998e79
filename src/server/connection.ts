import type { Socket } from 'node:net'
import type { DecodedParams } from '../commands/decode.ts'
import type { AnyHandler, HandlerResult } from '../commands/define.ts'
import type { Context } from '../commands/handler.ts'
import type { PreparedCommand } from '../commands/table.ts'
import type { CloseReason, Progress, SessionHost, SessionOptions, Workbench } from '../session/host.ts'
import { Session } from '../session/session.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { ConnectionLog } from './connection-log.ts'
import { farewell, shortFarewell } from './farewell.ts'
import type { Visit } from './gate.ts'
import { Outbox } from './outbox.ts'
import { Runner } from './runner.ts'

/** Node reads so many bytes at most at once. A read of less has emptied the socket. */
const FULL_READ_BYTES = 64 * 1024
/** After so many full reads, or full outputs, in a row it is the turn of others: some 3 ms of work. */
const MAX_FULL_TURNS = 4

export interface ConnectionOptions {
  readonly session: SessionOptions
  /** By the places of their commands in the table. */
  readonly handlers: readonly AnyHandler[]
  readonly clock: Clock
  readonly workbench: Workbench
}

/** What is known of one connection before anything is said. */
export interface Newcomer {
  readonly socket: Socket
  readonly visit: Visit
  readonly log: ConnectionLog
  /** Whom the certificate names that the client has shown. */
  readonly identity?: string | undefined
}

/** One socket and its session: the only one to read from the socket and to write to it. */
export class Connection implements SessionHost, Context {
  readonly identity: string | undefined
  readonly #socket: Socket
  readonly #visit: Visit
  readonly #log: ConnectionLog
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #outbox: Outbox
  readonly #session: Session
  readonly #alarm: Alarm
  readonly #openedMs: number
  #progress: Progress = 'starved'
  #abort: AbortController | undefined
  /** Why it was ended, where that was not the session's doing. */
  #cutReason: CloseReason | undefined
  #error: NodeJS.ErrnoException | undefined
  #isDropped = false
  #fullReads = 0

  constructor({ socket, visit, log, identity }: Newcomer, { session, handlers, clock, workbench }: ConnectionOptions) {
    this.#socket = socket
    this.#visit = visit
    this.#log = log
    this.identity = identity
    this.#runner = new Runner(handlers, this, log, (result) => this.#settle(result))
    this.#clock = clock
    this.#outbox = new Outbox(socket, workbench.output, clock, () => this.#takeTurn())
    this.#alarm = new Alarm(clock, (nowMs) => this.#expire(nowMs))
    this.#openedMs = clock.now()
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('end', () => this.#goOn(() => this.#session.finish(clock.now())))
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('close', () => this.#closed())
    visit.onDropped = () => this.#drop()
    if (identity !== undefined) log.identify(identity)
    this.#session = new Session(session, this, workbench, this.#openedMs)
    this.#pump('starved')
  }

  /** Ends the connection with a last word. */
  end(failure: Failure): void {
    this.#goOn(() => {
      this.#session.end(failure)
      return 'closed'
    })
  }

  /** Resolves when the connection is gone, and all is said about it. */
  gone(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('close', () => resolve()))
  }

  /** Ends the connection at once. */
  cut(reason: CloseReason): void {
    this.#cutReason ??= reason
    this.#socket.destroy()
  }

  // What the session asks for.

  execute(command: PreparedCommand, params: DecodedParams): ReplyValues | Failure | undefined {
    return this.#runner.run(command, params)
  }

  broken(command: PreparedCommand, error: unknown): void {
    this.#runner.failed(command, error)
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

  // What a handler asks for.

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#progress === 'closed') this.#abort.abort()
    return this.#abort.signal
  }

  identify(client: string): void {
    this.#log.identify(client)
  }

  // How it goes on.

  #receive(chunk: Uint8Array): void {
    this.#pump(this.#session.receive(chunk, this.#clock.now()))
    this.#fullReads = chunk.length < FULL_READ_BYTES ? 0 : this.#fullReads + 1
    if (this.#fullReads < MAX_FULL_TURNS || this.#socket.isPaused()) return
    this.#fullReads = 0
    this.#socket.pause()
    this.#yield()
  }

  /** Goes on when all others have had their turn. */
  #yield(): void {
    setImmediate(() => this.#takeTurn())
  }

  #takeTurn(): void {
    this.#goOn((progress) => (progress === 'full' ? this.#advance() : progress))
  }

  #goOn(step: (progress: Progress) => Progress): void {
    if (this.#progress !== 'closed') this.#pump(step(this.#progress))
  }

  #advance(): Progress {
    return this.#session.advance(this.#clock.now())
  }

  /** Sends what the session has said, and sees to it that the session goes on when it can. */
  #pump(reached: Progress): void {
    const outbox = this.#outbox
    outbox.flush()
    let progress = reached
    for (let turns = 1; progress === 'full' && !outbox.isCongested(this.#session.state); turns++) {
      if (turns === MAX_FULL_TURNS) {
        this.#yield()
        break
      }
      progress = this.#advance()
      outbox.flush()
    }
    this.#progress = progress
    if (progress === 'closed') return this.#leave()
    if (progress !== 'starved' || outbox.isCongested(this.#session.state)) this.#pauseReading()
    else if (this.#socket.isPaused()) this.#resumeReading()
    this.#alarm.setFor(Math.min(this.#session.deadlineMs, outbox.deadlineMs))
  }

  #pauseReading(): void {
    this.#socket.pause()
    this.#session.pause(this.#clock.now())
  }

  #resumeReading(): void {
    this.#session.resume(this.#clock.now())
    this.#socket.resume()
  }

  #settle(result: HandlerResult): void {
    this.#goOn(() => {
      this.#session.settle(result, this.#clock.now())
      return this.#advance()
    })
  }

  #expire(nowMs: number): void {
    if (this.#outbox.isStalled(nowMs)) return this.cut('SLOW_CONSUMER')
    this.#session.expire(nowMs)
    this.#goOn((progress) =>
      progress === 'awaiting' || this.#session.state === 'Closing' ? this.#advance() : progress,
    )
  }

  #leave(): void {
    this.#release()
    if (this.#isDropped) shortFarewell(this.#socket)
    else farewell(this.#socket, this.#clock)
  }

  /** Its place goes to another, and there may be thousands of its kind. */
  #drop(): void {
    this.#isDropped = true
    this.end(new Failure('BUSY', { hint: 'say HELLO at once: too many have not' }))
  }

  #closed(): void {
    this.#progress = 'closed'
    this.#release()
    const { closeReason, messages, failures } = this.#session
    this.#log.closed({
      reason: this.#cutReason ?? closeReason ?? 'IO',
      error: this.#error?.code,
      messages,
      failures,
      bytesRead: this.#socket.bytesRead,
      bytesWritten: this.#socket.bytesWritten,
      durationMs: Math.round(this.#clock.now() - this.#openedMs),
    })
  }

  #release(): void {
    this.#visit.settled()
    this.#abort?.abort()
    this.#alarm.off()
  }
}
