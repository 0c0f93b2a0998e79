import { readFileSync } from 'node:fs'
import type { RequestError } from '../../client/error.ts'
import { ClientSession } from '../../client/session.ts'
import type { WireName } from '../../wire/wire.ts'
import { createWire } from '../../wire/wires.ts'
import { type ParsedArguments, usageError } from '../options.ts'
import { hasColor } from '../paint.ts'
import { EXIT, type ExitCode, type Program } from '../program.ts'
import { exitCodeOf, GOODBYE_WAIT, REMOTE_OPTIONS, readRemote } from '../remote.ts'
import { harmless, showError, showReply } from '../show-reply.ts'
import { check } from './check.ts'
import { describeProblem, readScript, type Script, type ScriptMessage, saysHello } from './script.ts'

export const run: Program = {
  name: 'run',
  usage: '[options] FILE|-',
  about: `Runs a script, shows each reply with the line of the script that it answers, and a summary at the end. A script
is what nc would send, with an empty line behind each message; or one command a line, with # comments. If it says
no HELLO, that is said before it. It stops at the first ERR, unless it is told to keep going. All of the script is
read before anything is sent, from standard input (-) to its end.
Exit code: 0 if all went well, 1 at an ERR, or no reply in time, 2 for usage, 3 for no connection.`,
  options: [
    ...REMOTE_OPTIONS,
    { name: 'keep-going', help: 'send all of it at once, whatever the replies say' },
    { name: 'check', help: 'only look for mistakes in the script, without a server' },
  ],
  maxWords: 1,
  example: 'skyline run --check fixtures/scripts/square.txt',
  run: runScript,
}

/** So many requests may be on their way at once. */
const MAX_AHEAD = 256
/** A script of this many messages gets a line of progress on a terminal. */
const LONG_SCRIPT = 1000
/** How often that line is drawn anew: every so many messages. */
const PROGRESS_STEP = 100
/** Takes it away, so that it stands below all replies. */
const CLEAR_LINE = '\r\x1b[K'

async function runScript(parsed: ParsedArguments): Promise<ExitCode> {
  const [file] = parsed.words
  if (file === undefined) throw usageError('a file is missing: skyline run FILE, or - for standard input')
  const script = readScript(readInput(file))
  if (parsed.options.has('check')) return check(file, script)
  const remote = readRemote(parsed)
  checkWire(file, script, remote.wire)
  return new Run(script, parsed.options.has('keep-going')).run(remote)
}

/** Throws a usage error at the first message that cannot be sent on a wire: before any is. */
function checkWire(file: string, { messages }: Script, name: WireName = 'text'): void {
  const wire = createWire(name)
  for (const { line, bytes } of messages) {
    try {
      wire.encode(bytes)
    } catch (error) {
      throw usageError(`${file}:${line}: ${(error as Error).message}`)
    }
  }
}

function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** One run of a script: what was sent, and what came of it. */
class Run {
  readonly #script: Script
  readonly #keepGoing: boolean
  readonly #color = hasColor(process.stdout)
  readonly #hasProgress: boolean
  #sent = 0
  #ok = 0
  #failed = 0
  /** Why it cannot go on: the connection is gone. */
  #lost: RequestError | undefined

  constructor(script: Script, keepGoing: boolean) {
    this.#script = script
    this.#keepGoing = keepGoing
    this.#hasProgress = process.stderr.isTTY && script.messages.length >= LONG_SCRIPT
  }

  async run(remote: ConstructorParameters<typeof ClientSession>[0]): Promise<ExitCode> {
    const { problem } = this.#script
    const begun = performance.now()
    const session = new ClientSession({ ...remote, hello: !saysHello(this.#script) })
    try {
      await session.open()
    } catch (error) {
      process.stderr.write(showError(error as RequestError, this.#color))
      return exitCodeOf(error as RequestError)
    }
    await (this.#keepGoing ? this.#sendAhead(session) : this.#sendOneByOne(session))
    await session.close(GOODBYE_WAIT)
    if (problem !== undefined && (this.#keepGoing || this.#failed === 0)) {
      this.#failed++
      process.stdout.write(`${problem.line}: ${problem.code}: ${describeProblem(problem)}\n`)
    }
    this.#showSummary((performance.now() - begun) / 1000)
    if (this.#failed > 0) return EXIT.failed
    return this.#lost === undefined ? EXIT.ok : EXIT.noConnection
  }

  async #sendOneByOne(session: ClientSession): Promise<void> {
    for (const message of this.#script.messages) {
      await this.#send(session, message)
      if (this.#failed > 0 || this.#lost !== undefined) return
    }
  }

  async #sendAhead(session: ClientSession): Promise<void> {
    const ahead: Promise<void>[] = []
    for (const message of this.#script.messages) {
      ahead.push(this.#send(session, message))
      if (ahead.length >= MAX_AHEAD) await ahead.shift()
      if (this.#lost !== undefined) break
    }
    await Promise.all(ahead)
  }

  /** Sends one message and shows its reply. Never rejects. */
  async #send(session: ClientSession, { line, bytes }: ScriptMessage): Promise<void> {
    this.#sent++
    try {
      this.#show(line, showReply(await session.sendBytes(bytes), this.#color, '    '))
      this.#ok++
    } catch (error) {
      const failure = error as RequestError
      if (failure.code === 'CONNECTION_CLOSED') {
        if (failure.retrySafe) this.#sent--
        this.#lost ??= failure
        return
      }
      this.#failed++
      this.#show(line, showError(failure, this.#color, '    '))
    }
    this.#showProgress()
  }

  #show(line: number, text: string): void {
    if (this.#hasProgress) process.stderr.write(CLEAR_LINE)
    process.stdout.write(`${line}: ${text}`)
  }

  #showProgress(): void {
    const done = this.#ok + this.#failed
    if (!this.#hasProgress || done % PROGRESS_STEP !== 0) return
    const { length } = this.#script.messages
    process.stderr.write(`${CLEAR_LINE}${done} of ${length} answered, ${this.#failed} failed`)
  }

  #showSummary(seconds: number): void {
    if (this.#hasProgress) process.stderr.write(CLEAR_LINE)
    if (this.#lost !== undefined) process.stdout.write(`${harmless(this.#lost.message)}\n`)
    const rate = seconds > 0 ? Math.round(this.#sent / seconds) : this.#sent
    const counts = `${this.#sent} sent, ${this.#ok} ok, ${this.#failed} failed`
    process.stdout.write(`${counts}, ${seconds.toFixed(2)} s, ${rate} messages/s\n`)
  }
}
