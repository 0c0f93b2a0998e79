import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { DecodedParams } from '../commands/decode.ts'
import type { AnyHandler, HandlerResult } from '../commands/define.ts'
import type { Context } from '../commands/handler.ts'
import type { PreparedCommand } from '../commands/table.ts'
import type { Progress, SessionHost, SessionOptions, Workbench } from '../session/host.ts'
import { Session } from '../session/session.ts'
import type { Clock } from '../time/clock.ts'
import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import type { Output } from '../wire/output.ts'
import { printable } from '../wire/quote.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Stranger } from '../wire/stranger.ts'
import { peerOf } from './address.ts'
import { farewell } from './farewell.ts'

/** With this many bytes that the peer has not taken, nothing more is read from it. */
const OUTPUT_HIGH_WATER_BYTES = 64 * 1024

export interface ConnectionOptions {
  readonly session: SessionOptions
  readonly handlers: ReadonlyMap<string, AnyHandler>
  readonly clock: Clock
  readonly workbench: Workbench
  readonly logger: Logger
  /** Takes the token out of a text that is to be logged: a client may have typed it anywhere. */
  readonly mask: (text: string) => string
}

/** One socket and its session: the only one to read from the socket and to write to it. */
export class Connection implements SessionHost, Context {
  /** Counted from 1; by it the lines of the log belong together. */
  readonly #id: number
  readonly #socket: Socket
  readonly #handlers: ReadonlyMap<string, AnyHandler>
  readonly #clock: Clock
  readonly #output: Output
  readonly #logger: Logger
  readonly #mask: (text: string) => string
  readonly #session: Session
  readonly #peer: string
  readonly #openedMs: number
  #progress: Progress = 'starved'
  #abort: AbortController | undefined
  #client: string | undefined
  #error: NodeJS.ErrnoException | undefined
  /** When the timer rings. It is left alone as long as that is early enough, so that no message ever sets one. */
  #timerMs = Number.POSITIVE_INFINITY
  #callOffTimer: (() => void) | undefined

  constructor(id: number, socket: Socket, { session, handlers, clock, workbench, logger, mask }: ConnectionOptions) {
    this.#id = id
    this.#socket = socket
    this.#handlers = handlers
    this.#clock = clock
    this.#output = workbench.output
    this.#logger = logger
    this.#mask = mask
    this.#peer = peerOf(socket)
    this.#openedMs = clock.now()
    socket.on('data', (chunk) => this.#pump(this.#session.receive(chunk, clock.now())))
    socket.on('end', () => this.#goOn(() => this.#session.finish(clock.now())))
    socket.on('drain', () => this.#goOn((progress) => (progress === 'full' ? this.#advance() : progress)))
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('close', () => this.#closed())
    logger.info({ connection: id, peer: this.#peer }, 'connection opened')
    this.#session = new Session(session, this, workbench, this.#openedMs)
    this.#pump('starved')
  }

  /** Ends the connection because the server ends, and resolves when it is gone. */
  drain(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()))
    this.#goOn(() => {
      this.#session.drain()
      return 'closed'
    })
    return gone
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  // What the session asks for.

  execute(command: PreparedCommand, params: DecodedParams): ReplyValues | Failure | undefined {
    try {
      const handler = this.#handlers.get(command.spec.name) as AnyHandler
      // What decoding gives is what the row of the command says, and so what its handler takes.
      const result = handler(params as never, this)
      if (!(result instanceof Promise)) return result ?? this.#internal(command, new TypeError('No reply was given'))
      result.then(
        (late) => this.#settle(late),
        (error) => this.#settle(this.#internal(command, error)),
      )
      return undefined
    } catch (error) {
      return this.#internal(command, error)
    }
  }

  broken(command: PreparedCommand, error: unknown): void {
    this.#internal(command, error)
  }

  refused({ code, parts: { reason = CODES[code].sentence, line, param, fatal } }: Failure): void {
    const fields = { connection: this.#id, peer: this.#peer, code, reason: this.#mask(reason), line, param }
    if (code === 'AUTH_FAILED') this.#logger.warn(fields, 'security: wrong token')
    else this.#logger.info(fields, fatal === true ? 'session ended' : 'message refused')
  }

  strange(protocol: Stranger): void {
    this.#logger.warn(
      { connection: this.#id, peer: this.#peer, protocol },
      'security: the peer speaks another protocol',
    )
  }

  // What a handler asks for.

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#progress === 'closed') this.#abort.abort()
    return this.#abort.signal
  }

  identify(client: string): void {
    this.#client = this.#mask(printable(Buffer.from(client)))
  }

  // How it goes on.

  #goOn(step: (progress: Progress) => Progress): void {
    if (this.#progress !== 'closed') this.#pump(step(this.#progress))
  }

  #advance(): Progress {
    return this.#session.advance(this.#clock.now())
  }

  /** Sends what the session has said, and sees to it that the session goes on when it can. */
  #pump(reached: Progress): void {
    this.#flush()
    let progress = reached
    while (progress === 'full' && !this.#isCongested()) {
      progress = this.#advance()
      this.#flush()
    }
    this.#progress = progress
    if (progress === 'closed') return this.#end()
    if (progress === 'awaiting' || this.#isCongested()) this.#pauseReading()
    else if (this.#socket.isPaused()) this.#resumeReading()
    this.#setTimer()
  }

  #flush(): void {
    const output = this.#output
    if (output.length === 0) return
    const socket = this.#socket
    if (socket.writableLength > 0) {
      // The peer is slow: what queues up for it gets buffers of its own size.
      socket.write(new Uint8Array(output.take()))
      return
    }
    socket.write(output.take())
    // As a rule the kernel has taken it all by now. Where not, the socket goes on reading from these bytes.
    if (socket.writableLength > 0) output.disown()
  }

  #isCongested(): boolean {
    return this.#socket.writableLength > OUTPUT_HIGH_WATER_BYTES
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

  #internal(command: PreparedCommand, error: unknown): Failure {
    this.#logger.error({ connection: this.#id, command: command.spec.name, err: error }, 'handler failed')
    return new Failure('INTERNAL', { reason: `${command.spec.name} failed inside the server` })
  }

  #setTimer(): void {
    const deadlineMs = this.#session.deadlineMs
    if (deadlineMs >= this.#timerMs) return
    this.#callOffTimer?.()
    this.#timerMs = deadlineMs
    this.#callOffTimer = this.#clock.after(deadlineMs - this.#clock.now(), () => {
      this.#timerMs = Number.POSITIVE_INFINITY
      this.#session.expire(this.#clock.now())
      this.#goOn((progress) => (this.#session.state === 'Closing' ? 'closed' : progress))
    })
  }

  #end(): void {
    this.#release()
    farewell(this.#socket, this.#clock)
  }

  #closed(): void {
    this.#progress = 'closed'
    this.#release()
    const { closeReason = this.#error === undefined ? 'SHUTTING_DOWN' : 'IO', messages, failures } = this.#session
    this.#logger.info(
      {
        connection: this.#id,
        peer: this.#peer,
        client: this.#client,
        reason: closeReason,
        error: this.#error?.code,
        messages,
        failures,
        bytesRead: this.#socket.bytesRead,
        bytesWritten: this.#socket.bytesWritten,
        durationMs: Math.round(this.#clock.now() - this.#openedMs),
      },
      'connection closed',
    )
  }

  #release(): void {
    this.#abort?.abort()
    this.#callOffTimer?.()
  }
}
