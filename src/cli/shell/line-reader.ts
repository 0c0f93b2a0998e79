import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Completion } from './complete.ts'
import { cutLines } from './cut-lines.ts'
import { MAX_HISTORY_LINES } from './history.ts'

/** Where a person, or a pipe, is. */
export interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable & { readonly isTTY?: boolean }
  readonly error: Writable & { readonly isTTY?: boolean }
}

/** Whether there is a terminal to edit a line on. A dumb one cannot move its cursor. */
export const isTerminal = ({ input, output }: Streams): boolean =>
  input.isTTY === true && output.isTTY === true && process.env['TERM'] !== 'dumb'

export interface LineReaderOptions {
  readonly prompt: string
  readonly complete: (line: string) => Completion
  /** The lines of earlier times, oldest first. */
  readonly history: readonly string[]
  /** Whether a line is not to come back with an arrow key. */
  readonly isSecret: (line: string) => boolean
  readonly onLine: (line: string) => void
  /** Ctrl-C, and whether there was a line for it to clear. */
  readonly onInterrupt: (cleared: boolean) => void
  /** Ctrl-D, or the end of the input. */
  readonly onEnd: () => void
}

/** Reads lines; on a terminal with a prompt, which what is printed meanwhile comes to stand above. */
export class LineReader {
  readonly #output: Writable
  readonly #hasPrompt: boolean
  readonly #readline: Interface & { prevRows?: number }
  #open = true

  constructor(streams: Streams, options: LineReaderOptions) {
    const { prompt, complete, history, isSecret } = options
    this.#output = streams.output
    this.#hasPrompt = isTerminal(streams)
    this.#readline = createInterface({
      input: this.#hasPrompt ? streams.input : streams.input.pipe(cutLines()),
      output: this.#hasPrompt ? streams.output : undefined,
      terminal: this.#hasPrompt,
      prompt,
      completer: complete,
      history: history.toReversed(),
      historySize: MAX_HISTORY_LINES,
    })
    this.#readline.on('history', (lines) => {
      if (isSecret(lines[0] ?? '')) lines.shift()
    })
    this.#readline.on('line', (line) => {
      options.onLine(line)
      if (this.#open && this.#hasPrompt) this.#readline.prompt()
    })
    this.#readline.on('SIGINT', () => options.onInterrupt(this.#clearLine()))
    // Ctrl-Z, and the shell of the system has brought it back: readline has paused, and there is another line above.
    this.#readline.on('SIGCONT', () => {
      this.#readline.prevRows = 0
      this.#readline.prompt(true)
    })
    this.#readline.on('close', () => {
      if (!this.#open) return
      this.#open = false
      options.onEnd()
    })
    if (this.#hasPrompt) this.#readline.prompt()
  }

  /** Writes whole lines; where there is a prompt, above it and what is being typed. */
  print(text: string): void {
    if (!this.#open || !this.#hasPrompt) return void this.#output.write(text)
    this.#wipe()
    this.#output.write(text)
    this.#readline.prompt(true)
  }

  /** Reads no more until `resume`, but for what has come already. */
  pause(): void {
    if (this.#open) this.#readline.pause()
  }

  resume(): void {
    if (this.#open) this.#readline.resume()
  }

  /** Reads no more for good, and takes the prompt away. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    if (this.#hasPrompt) this.#wipe()
    this.#readline.close()
  }

  /** Wipes out the prompt and what is being typed. */
  #wipe(): void {
    moveCursor(this.#output, 0, -this.#readline.getCursorPos().rows)
    cursorTo(this.#output, 0)
    clearScreenDown(this.#output)
    // So many rows readline goes up before it draws. It is not told by any method, and after a paste it is not even right.
    this.#readline.prevRows = 0
  }

  #clearLine(): boolean {
    const typed = this.#readline.line !== ''
    this.#readline.write(null, { ctrl: true, name: 'e' })
    this.#readline.write(null, { ctrl: true, name: 'u' })
    return typed
  }
}
