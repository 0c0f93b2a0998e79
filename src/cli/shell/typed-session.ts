import type { RequestError } from '../../client/error.ts'
import type { ClientSession } from '../../client/session.ts'
import { quit } from '../../commands/quit.ts'
import { Failure } from '../../wire/failure.ts'
import { describeMistake, mistakeIn } from '../mistake.ts'
import { paint } from '../paint.ts'
import { EXIT, type ExitCode } from '../program.ts'
import { showError, showReply } from '../show-reply.ts'
import { table } from '../table.ts'
import { toMessage } from '../to-message.ts'
import { complete } from './complete.ts'
import { isTooLong } from './cut-lines.ts'
import { isSecret, keepLine, readHistory } from './history.ts'
import { isTerminal, LineReader, type Streams } from './line-reader.ts'
import { readTypedLine, toBytes } from './typed-line.ts'

export interface TypedSessionOptions {
  readonly prompt: string
  readonly color: boolean
  readonly historyFile: string
  readonly token: string | undefined
}

/** So many replies may be due before an input that is no terminal has to wait. */
const MAX_AHEAD = 256

/** A session whose commands are lines that somebody types, or a pipe brings. */
export class TypedSession {
  readonly #session: ClientSession
  readonly #streams: Streams
  readonly #options: TypedSessionOptions
  readonly #lines: LineReader
  readonly #isTerminal: boolean
  /** Resolves when all that was asked for so far has been answered and shown. */
  #shown: Promise<void> = Promise.resolve()
  #ahead = 0
  #failed = false
  #keepsHistory: boolean
  #saidBye = false
  /** The last that was shown; if it was fatal, it is also why the session ended. */
  #shownError: RequestError | undefined

  constructor(session: ClientSession, streams: Streams, options: TypedSessionOptions) {
    this.#session = session
    this.#streams = streams
    this.#options = options
    this.#isTerminal = this.#keepsHistory = isTerminal(streams)
    if (this.#isTerminal) streams.output.write(this.#dim('TAB completes, HELP explains, Ctrl-D quits'))
    this.#lines = new LineReader(streams, {
      prompt: options.prompt,
      complete: (line) => complete(line, table),
      history: this.#isTerminal ? readHistory(options.historyFile) : [],
      isSecret: (line) => isSecret(line, options.token),
      onLine: (line) => this.#take(line),
      onInterrupt: (cleared) => cleared || this.print(this.#dim('Ctrl-D quits')),
      onEnd: () => this.#leave(),
    })
  }

  /** Resolves when the session is over. */
  async run(): Promise<ExitCode> {
    const reason: Error & Partial<RequestError> = await this.#session.closed
    await this.#shown
    this.#lines.close()
    if (this.#saidBye) return this.#failed && !this.#isTerminal ? EXIT.failed : EXIT.ok
    const { reply } = reason
    if (reply !== undefined && reply !== this.#shownError?.reply) this.print(showReply(reply, this.#options.color))
    const why = reply === undefined ? reason.message : 'The server has ended the connection'
    this.#streams.error.write(`skyline: ${why}\n`)
    return EXIT.noConnection
  }

  /** Writes whole lines above what is being typed. */
  print(text: string): void {
    this.#lines.print(text)
  }

  #take(line: string): void {
    if (isTooLong(line)) return this.#refuse(new Failure('MESSAGE_TOO_BIG'))
    const typed = readTypedLine(line, table)
    if (typed === undefined) return
    const message = toMessage(typed.words)
    const bytes = toBytes(message)
    const mistake = mistakeIn(bytes)
    if (mistake === undefined) this.#keep(line)
    if (mistake === undefined || typed.unchecked) return this.#show(this.#ask(message.command, bytes))
    this.#refuse(mistake)
  }

  #refuse(mistake: Failure): void {
    this.#failed = true
    const notSent = this.#dim(`Not sent: ${describeMistake(mistake)}`)
    // A person is told at once; a pipe finds each answer in the place of its line.
    if (this.#isTerminal) this.print(notSent)
    else this.#show(Promise.resolve(notSent))
  }

  /** Sends a message at once, and resolves to what is to be shown of its reply. */
  async #ask(command: string, bytes: Uint8Array): Promise<string> {
    const { color } = this.#options
    try {
      const reply = await this.#session.sendBytes(bytes)
      if (table.get(command)?.spec === quit) {
        this.#saidBye = true
        this.#session.destroy()
      }
      return showReply(reply, color)
    } catch (error) {
      const failure = error as RequestError
      this.#failed = true
      if (failure.code !== 'CONNECTION_CLOSED') {
        this.#shownError = failure
        return showError(failure, color)
      }
      return this.#dim(`${command} ${failure.retrySafe ? 'was not run' : 'got no reply'}: the connection is closed`)
    }
  }

  #show(text: Promise<string>): void {
    if (++this.#ahead >= MAX_AHEAD && !this.#isTerminal) this.#lines.pause()
    this.#shown = this.#shown.then(async () => {
      this.print(await text)
      if (--this.#ahead < MAX_AHEAD) this.#lines.resume()
    })
  }

  #keep(line: string): void {
    const { historyFile, token } = this.#options
    if (!this.#keepsHistory || isSecret(line, token)) return
    try {
      keepLine(historyFile, line)
    } catch (error) {
      this.#keepsHistory = false
      this.print(this.#dim(`The history is not kept: ${(error as Error).message}`))
    }
  }

  /** Says QUIT once all is answered, unless that has been said. */
  async #leave(): Promise<void> {
    if (this.#isTerminal) this.print(`${quit.name}\n`)
    if (this.#isTerminal && this.#ahead > 0) this.print(this.#dim('Waiting for replies: Ctrl-C leaves at once'))
    await this.#shown
    if (this.#session.connected) this.#show(this.#ask(quit.name, toBytes(toMessage([quit.name]))))
    await this.#shown
    // Also a server that does not answer QUIT is left.
    this.#session.destroy()
  }

  #dim(line: string): string {
    return `${paint(line, 'dim', this.#options.color)}\n`
  }
}
