import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeEach, expect, onTestFinished, vi } from 'vitest'
import type { ExitCode } from '../../src/cli/program.ts'
import { historyFile } from '../../src/cli/shell/history.ts'
import { runShell } from '../../src/cli/shell/shell.ts'
import type { Address } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { FakeClock } from './fake-clock.ts'
import { Screen } from './shell-screen.ts'
import { startServer } from './start-server.ts'

vi.setConfig({ testTimeout: 60_000 })
const SEEN_WITHIN_MS = 30_000

// A terminal of full powers, whatever the tests are run on.
beforeEach(() => {
  vi.stubEnv('NO_COLOR', '')
  vi.stubEnv('TERM', 'xterm')
  return () => vi.unstubAllEnvs()
})

export const KEY = { tab: '\t', enter: '\r', up: '\x1b[A', left: '\x1b[D', ctrlC: '\x03', ctrlD: '\x04' } as const
const COLUMNS = 80
export const TOKEN = 's3cret'

interface SomebodyOptions {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly token?: string
  /** The lines of earlier times. */
  readonly history?: readonly string[]
}

/** Somebody at a shell: what they type, and what they see. */
export class Somebody {
  readonly exit: Promise<ExitCode>
  readonly file: string
  readonly #prompt: string
  readonly #screen: Screen
  readonly #input: PassThrough
  /** All that was written to standard output, and to standard error. */
  written = ''
  errors = ''

  constructor(address: Address, { isTTY = true, columns = COLUMNS, token, history = [] }: SomebodyOptions = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'skyline-shell-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    this.file = historyFile({ XDG_STATE_HOME: folder }, '/nowhere')
    mkdirSync(dirname(this.file))
    writeFileSync(this.file, history.map((line) => `${line}\n`).join(''))
    this.#prompt = `sim ${address.host}:${address.port}>`
    this.#screen = new Screen(columns)
    const stream = () => Object.assign(new PassThrough(), { isTTY, columns })
    this.#input = stream()
    const output = stream()
    const error = stream()
    output.on('data', (chunk) => {
      this.written += chunk
      this.#screen.write(String(chunk))
    })
    error.on('data', (chunk) => {
      this.errors += chunk
    })
    this.exit = runShell({ ...address, token }, { input: this.#input, output, error }, this.file)
    onTestFinished(() => void this.#input.destroy())
  }

  /** What is on the screen, with the prompt as `>`. */
  get lines(): readonly string[] {
    return this.#screen.lines.map((line) => line.replace(this.#prompt, '>'))
  }

  type(...keys: readonly string[]): void {
    for (const key of keys) this.#input.write(key)
  }

  end(text = ''): void {
    this.#input.end(text)
  }

  /** Waits until the screen ends with these lines. */
  async sees(...lines: readonly string[]): Promise<void> {
    const matches = () => JSON.stringify(this.lines.slice(-lines.length)) === JSON.stringify(lines)
    await vi.waitUntil(matches, { interval: 1, timeout: SEEN_WITHIN_MS }).catch(() => expect(this.lines).toEqual(lines))
  }
}

export const WELCOME = 'TAB completes, HELP explains, Ctrl-D quits'

export async function sitDown(options: SomebodyOptions = {}, serverOptions: ServerOptions = {}) {
  const clock = new FakeClock()
  const { server, address } = await startServer({ clock, ...serverOptions })
  const somebody = new Somebody(address, options)
  if (options.isTTY !== false) await somebody.sees(WELCOME, '>')
  return { server, address, clock, somebody }
}

/** A server that says HELLO, then whatever it is told to say. */
export async function startTeller(): Promise<{ address: Address; say: (text: string) => void }> {
  let say: (text: string) => void = () => {}
  const server = createServer((socket) => {
    say = (text) => void socket.write(text.replaceAll('\n', '\r\n'))
    say('OK READY\nProtocol: 1\n\n')
    socket.once('data', (hello) => {
      say(`OK AUTH_OK\nProtocol: 1\nDrone: sim\nId: ${/Id: (\d+)/.exec(String(hello))?.[1]}\n\n`)
    })
    onTestFinished(() => void socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, say: (text) => say(text) }
}
