import type { Socket } from 'node:net'
import type { HandlerResult } from '../commands/define.ts'
import type { Topic } from '../commands/events.ts'
import type { CloseReason, Progress, SessionOptions } from '../session/host.ts'
import type { Replayed } from '../session/replayed.ts'
import { Session } from '../session/session.ts'
import type { Workbench } from '../session/workbench.ts'
import { Alarm, type Sleeper } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import type { ConnectionLog } from './connection-log.ts'
import { farewell, shortFarewell } from './farewell.ts'
import type { EventFeed } from './feed.ts'
import type { Visit, Visitor } from './gate.ts'
import type { Newcomer } from './newcomer.ts'
import { Outbox, type OutboxHost } from './outbox.ts'
import { Runner, type RunnerHost } from './runner.ts'
import type { RunnerOptions } from './runner-options.ts'
import { Subscriber, type SubscriberHost } from './subscriber.ts'

/** Node reads so many bytes at most at once. A read of less has emptied the socket; after one of so many others go first. */
const FULL_READ_BYTES = 64 * 1024

/** After these nobody is missed. */
const ORDERLY: ReadonlySet<CloseReason> = new Set(['QUIT', 'END', 'SHUTTING_DOWN'])

export interface ConnectionOptions {
  readonly session: SessionOptions
  readonly runner: RunnerOptions
  readonly clock: Clock
  readonly workbench: Workbench
  readonly feed: EventFeed
  readonly onGone: (connection: Connection) => void
}

/** One socket and its session: the only one to read from the socket and to write to it. */
export class Connection implements RunnerHost, SubscriberHost, OutboxHost, Visitor, Sleeper {
  readonly #socket: Socket
  readonly #visit: Visit
  readonly #log: ConnectionLog
  readonly runner: Runner
  readonly #outbox: Outbox
  readonly #session: Session
  readonly #options: ConnectionOptions
  readonly #alarm: Alarm
  #progress: Progress = 'starved'
  /** Why it was ended, where that was not the session's doing. */
  #cutReason: CloseReason | undefined
  #isDropped = false
  /** Nothing is answered now: a command is awaited, or the peer does not take its replies. */
  #isHeld = false
  #isPaused = false
  #subscriber: Subscriber | undefined

  constructor(newcomer: Newcomer, options: ConnectionOptions) {
    const { socket, visit, log, certificate } = newcomer
    const { session, runner, clock, workbench } = options
    this.#socket = socket
    this.#visit = visit
    this.#log = log
    this.runner = new Runner(runner, newcomer, this)
    this.#options = options
    this.#outbox = new Outbox(socket, workbench.output, clock, this, runner.recorder)
    this.#alarm = new Alarm(clock, this)
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('end', () => this.#finish())
    // The socket itself keeps it until it is closed.
    socket.on('error', () => {})
    socket.on('close', () => this.#closed())
    visit.visitor = this
    if (certificate !== undefined) log.identify(certificate)
    this.#session = new Session(session, this.runner, workbench, visit.sinceMs)
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

  // What its commands, and those who are told of events, ask for.

  answered(ticket: number, result: HandlerResult | Replayed): void {
    this.#goOn((progress) => {
      this.#session.settle(ticket, result, this.#now())
      return progress === 'awaiting' ? this.#goOnWith() : progress
    })
  }

  get subscriber(): Subscriber {
    const { feed, session } = this.#options
    this.#subscriber ??= new Subscriber(feed, this.#outbox, session.wire, this)
    return this.#subscriber
  }

  unsubscribe(topic?: Topic): void {
    this.#subscriber?.unsubscribe(topic)
  }

  sent(): void {
    this.#alarm.setFor(this.#outbox.deadlineMs)
  }

  tooSlow(): void {
    this.cut('SLOW_CONSUMER')
  }

  /** The peer has taken all that waited for it. */
  taken(): void {
    this.#subscriber?.taken()
    this.#takeTurn()
  }

  /** Its place goes to another, and there may be thousands of its kind. */
  dropped(): void {
    this.#isDropped = true
    this.end(new Failure('BUSY', { reason: 'Too many connections have not said HELLO', hint: 'say HELLO at once' }))
  }

  /** A deadline may have passed. */
  wake(nowMs: number): void {
    if (this.#outbox.isStalled(nowMs)) return this.cut('SLOW_CONSUMER')
    this.#session.expire(nowMs)
    this.#goOn((progress) =>
      progress === 'awaiting' || this.#session.state === 'Closing' ? this.#goOnWith() : progress,
    )
  }

  // How it goes on.

  #receive(chunk: Uint8Array): void {
    const { clock } = this.#options
    clock.stop?.()
    if (this.#isHeld) this.#keepReading(this.#session.receiveAhead(chunk, clock.now()))
    else this.#pump(this.#session.receive(chunk, clock.now()))
    clock.goOn?.()
    if (chunk.length < FULL_READ_BYTES || this.#progress === 'closed' || this.#isPaused) return
    this.#keepReading(false)
    // All others have their turn first.
    setImmediate(() => this.#takeTurn())
  }

  #finish(): void {
    this.#session.finish()
    if (!this.#isHeld) this.#goOn(() => this.#advance())
  }

  #takeTurn(): void {
    this.#goOn((progress) => (progress === 'full' && !this.#isCongested() ? this.#advance() : progress))
  }

  #goOn(step: (progress: Progress) => Progress): void {
    if (this.#progress !== 'closed') this.#pump(step(this.#progress))
  }

  /** Goes on behind an answer; but not while the peer does not take those that were given. */
  #goOnWith(): Progress {
    return this.#isCongested() && this.#session.state !== 'Closing' ? 'full' : this.#advance()
  }

  #isCongested(): boolean {
    return this.#outbox.isCongested(this.#session.state)
  }

  #now(): number {
    return this.#options.clock.now()
  }

  #advance(): Progress {
    return this.#session.advance(this.#now())
  }

  /** Sends what the session has said, and sees to it that the session goes on when it can. */
  #pump(progress: Progress): void {
    const outbox = this.#outbox
    outbox.flush()
    const isCongested = this.#isCongested()
    // Who has to wait for the peer has something to go on with after that: what is read ahead.
    this.#progress = isCongested && progress === 'starved' ? 'full' : progress
    if (progress === 'closed') return this.#leave()
    if (progress === 'full' && !isCongested) setImmediate(() => this.#takeTurn())
    this.#hold(isCongested || progress === 'awaiting', progress === 'starved')
    this.#alarm.setFor(Math.min(this.#session.deadlineMs, outbox.deadlineMs))
  }

  /** Reads on: to be answered, or while that is held up, ahead. */
  #hold(isHeld: boolean, isStarved: boolean): void {
    const { deadlines } = this.#session
    if (isHeld && !this.#isHeld) deadlines.pause(this.#now())
    else if (!isHeld && this.#isHeld) deadlines.resume(this.#now())
    this.#isHeld = isHeld
    this.#keepReading(isHeld ? this.#session.lookAhead() : isStarved)
  }

  #keepReading(wantsMore: boolean): void {
    if (wantsMore !== this.#isPaused) return
    this.#isPaused = !wantsMore
    if (wantsMore) this.#socket.resume()
    else this.#socket.pause()
  }

  #leave(): void {
    this.#release()
    this.#outbox.finish()
    if (this.#isDropped) shortFarewell(this.#socket)
    else farewell(this.#socket, this.#options.clock, (late) => this.#session.receiveAhead(late, this.#now()))
  }

  #closed(): void {
    this.#progress = 'closed'
    this.#visit.left()
    this.#options.onGone(this)
    this.#session.abandon()
    this.#release()
    const { closeReason, messages, voice } = this.#session
    this.#log.closed({
      reason: this.#cutReason ?? closeReason ?? 'IO',
      error: (this.#socket.errored as NodeJS.ErrnoException | null)?.code,
      messages,
      failures: voice.failures,
      bytesRead: this.#socket.bytesRead,
      bytesWritten: this.#socket.bytesWritten,
      durationMs: Math.round(this.#now() - this.#visit.sinceMs),
    })
  }

  #release(): void {
    this.#visit.settled()
    this.#subscriber?.end()
    this.runner.end(ORDERLY.has(this.#session.closeReason ?? 'IO'))
    this.#alarm.off()
  }
}
