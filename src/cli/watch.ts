import { connect } from '../client/client.ts'
import type { RequestError } from '../client/error.ts'
import type { ClientSession } from '../client/session.ts'
import { systemClock } from '../time/clock.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { hasColor } from './paint.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { exitCodeOf, REMOTE_OPTIONS, readRemote } from './remote.ts'
import { harmless } from './show-reply.ts'
import { readCount } from './values.ts'
import type { WatchedEvent } from './watch/event.ts'
import { drawFrame } from './watch/frame.ts'
import { lineOf } from './watch/line-of.ts'
import { Painter } from './watch/painter.ts'
import { Scene } from './watch/scene.ts'
import { abilitiesOf } from './watch/terminal.ts'

const WATCHED_TOPICS = ['TELEMETRY', 'OPS', 'LINK'] as const
const FRAME_MS = 100
const DEFAULT_RATE_HZ = 10
const MAX_RATE_HZ = 50
/** So often it shows that it is there, since a session without a message is ended. */
const PING_MS = 30_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export const watch: Program = {
  name: 'watch',
  usage: '[options]',
  about: `Draws the drone on the terminal as it flies: its track, altitude, color, text, battery and operations.
On a pipe it prints a line for each event of TELEMETRY, OPS and LINK. Ends with Ctrl-C, and when the server does.
Exit code: 0 after Ctrl-C, 1 where the server ended it with an ERR, 2 for usage, 3 for no connection, or one that broke.`,
  options: [
    ...REMOTE_OPTIONS,
    { name: 'rate', value: 'HZ', help: `how often to look (default ${DEFAULT_RATE_HZ}; 1..${MAX_RATE_HZ})` },
    { name: 'lines', help: 'print lines on a terminal, too' },
  ],
  isEndless: true,
  maxWords: 0,
  example: 'skyline watch --connect 127.0.0.1:8080',
  run,
}

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const rate = readCount('--rate', String(parsed.options.get('rate') ?? DEFAULT_RATE_HZ))
  if (rate > MAX_RATE_HZ) throw usageError(`--rate is to be at most ${MAX_RATE_HZ}, got ${rate}`)
  const remote = readRemote(parsed)
  if (remote.wire === 'framed') throw usageError('there are no events on the framed wire')
  const drawing = process.stdout.isTTY && !parsed.options.has('lines') && abilitiesOf(process.env).canDraw
  const view = drawing ? new Picture() : { take: printLine, close: () => {} }
  try {
    const client = await connect(remote)
    return await follow(client, rate, (event) => view.take(event))
  } catch (error) {
    view.close()
    process.stderr.write(`skyline: ${harmless((error as RequestError).message)}\n`)
    return exitCodeOf(error as RequestError)
  } finally {
    view.close()
  }
}

const printLine = (event: WatchedEvent): void => void process.stdout.write(`${lineOf(event)}\n`)

type Watched = Pick<ClientSession, 'subscribe' | 'request' | 'destroy'>

/** Shows all that happens, until a signal comes. Rejects when the connection ends. */
async function follow(client: Watched, rate: number, show: (event: WatchedEvent) => void): Promise<ExitCode> {
  const interrupted = new Promise<ExitCode>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(EXIT.ok))
  })
  const shown = WATCHED_TOPICS.map(async (topic) => {
    for await (const event of client.subscribe(topic, topic === 'TELEMETRY' ? { rate } : {})) show(event)
    return EXIT.ok
  })
  const callOff = keepAlive(client)
  try {
    return await Promise.race([interrupted, Promise.all(shown).then(() => EXIT.ok)])
  } finally {
    callOff()
    client.destroy()
    await Promise.allSettled(shown)
  }
}

function keepAlive(client: Watched): () => void {
  let callOff = () => {}
  const later = () => {
    callOff = systemClock.after(PING_MS, () => {
      client.request('PING').catch(() => {})
      later()
    })
  }
  later()
  return () => callOff()
}

/** The terminal, drawn anew whenever there is something to show, at most so often. */
class Picture {
  readonly #scene = new Scene()
  readonly #painter = new Painter()
  #callOff: (() => void) | undefined
  readonly #resized = () => {
    this.#painter.forget()
    this.#draw()
  }

  constructor() {
    process.stdout.on('resize', this.#resized)
    process.once('exit', () => this.close())
    this.#draw()
  }

  take(event: WatchedEvent): void {
    this.#scene.take(event)
    this.#callOff ??= systemClock.after(FRAME_MS, () => {
      this.#callOff = undefined
      this.#draw()
    })
  }

  /** Gives the terminal back. */
  close(): void {
    this.#callOff?.()
    process.stdout.off('resize', this.#resized)
    process.stdout.write(this.#painter.leave())
  }

  #draw(): void {
    const { columns, rows, writableNeedDrain } = process.stdout
    // Who does not take one picture gets the next.
    if (writableNeedDrain) return
    const { unicode, trueColor } = abilitiesOf(process.env)
    const lines = drawFrame(this.#scene, { columns, rows, color: hasColor(process.stdout), unicode, trueColor })
    const bytes = this.#painter.paint(lines, { columns, rows })
    if (bytes !== '') process.stdout.write(bytes)
  }
}
