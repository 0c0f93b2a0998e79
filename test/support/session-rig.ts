import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable, type DecodedParams, type PreparedCommand } from '../../src/commands/table.ts'
import type { Progress, SessionHost } from '../../src/session/host.ts'
import { shuttingDown } from '../../src/session/refusals.ts'
import { Session } from '../../src/session/session.ts'
import type { StopLane } from '../../src/session/stop-lane.ts'
import { Workbench } from '../../src/session/workbench.ts'
import { Failure } from '../../src/wire/failure.ts'
import type { ReplyValues } from '../../src/wire/reply.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { createWire } from '../../src/wire/wires.ts'
import { versionedAnswers } from '../wires/support/versioned-client.ts'
import { QUIET_HOST } from './quiet-host.ts'

const PLACE = { x: 1, y: 2, z: 3 }
/** Of the commands that are answered at once. */
const REPLIES: Readonly<Record<string, ReplyValues>> = {
  HELLO: { protocol: 1 },
  MOVE: { ...PLACE, op: 1 },
  LAND: { op: 2 },
  STOP: PLACE,
  EMERGENCY: { drone: 'sim' },
  WRITE: { bytes: 1 },
  PING: {},
  QUIT: {},
}
const NO_TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }

export interface SessionRigOptions {
  readonly stopLane?: StopLane
  readonly wire?: WireName
  /** What happens elsewhere between two turns. */
  readonly betweenTurns?: () => void
  /** Whether what is carried out has not come before, with its Key. */
  readonly hasRun?: boolean
  /** What STOP comes to, where that is not well. */
  readonly stopFailure?: Failure
}

/** A session alone, whose WAITs, and what is to be held until it is done, are answered by the test. */
export class SessionRig {
  /** What was carried out, in order. */
  readonly ran: string[] = []
  /** The peers of other protocols that were left. */
  readonly strangers: string[] = []
  /** Whether more was welcome, last. */
  wantsMore = true
  progress: Progress = 'starved'
  readonly session: Session
  readonly #workbench: Workbench
  readonly #tickets: number[] = []
  readonly #wire: WireName
  readonly #said: Uint8Array[] = []
  readonly #betweenTurns: () => void

  constructor({
    stopLane,
    wire = 'text',
    stopFailure,
    hasRun = true,
    betweenTurns = () => {},
  }: SessionRigOptions = {}) {
    this.#betweenTurns = betweenTurns
    this.#wire = wire
    const execute = ({ spec: { name } }: PreparedCommand, params: DecodedParams, ticket: number) => {
      this.ran.push(name)
      if (name === 'STOP' && stopFailure !== undefined) return stopFailure
      if (name !== 'WAIT' && params['wait'] !== 'yes') return REPLIES[name] ?? new Failure('UNSUPPORTED')
      this.#tickets.push(ticket)
      return undefined
    }
    const host: SessionHost = {
      ...QUIET_HOST,
      hasRun,
      execute,
      strange: (protocol) => void this.strangers.push(protocol),
    }
    const options = { greeting: new Uint8Array(0), wire: createWire(wire), timeouts: NO_TIMEOUTS }
    this.#workbench = new Workbench(new CommandTable(COMMANDS), stopLane)
    this.session = new Session(options, host, this.#workbench, 0)
  }

  /** What is received, cut in any way. */
  say(...chunks: readonly (string | Uint8Array)[]): void {
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      if (this.progress === 'starved') this.#pump(this.session.receive(bytes, 0))
      else this.wantsMore = this.session.receiveAhead(bytes, 0)
    }
  }

  /** The end of the input. */
  end(): void {
    this.session.finish()
    if (this.progress === 'starved') this.#pump(this.session.advance(0))
  }

  /** The end of the server. */
  drain(): void {
    this.session.end(shuttingDown())
    this.#pump('closed')
  }

  /** Answers what was asked for first, of all that is not answered; false where there is nothing. */
  settle(result: ReplyValues | Failure = PLACE): boolean {
    const ticket = this.#tickets.shift()
    if (ticket === undefined) return false
    this.settleTicket(ticket, result)
    return true
  }

  /** Answers what was asked for last. */
  settleLast(result: ReplyValues | Failure): void {
    this.settleTicket(this.#tickets.pop() as number, result)
  }

  settleTicket(ticket: number, result: ReplyValues | Failure): void {
    this.session.settle(ticket, result, 0)
    if (this.progress === 'awaiting') this.#pump(this.session.advance(0))
  }

  /** The first lines of the replies, each with its Id, without the kind: `PONG #1`, `CANCELLED #2`. */
  get replies(): readonly string[] {
    const said = Buffer.concat(this.#said)
    const replies = this.#wire === 'versioned' ? versionedAnswers(said) : said.toString().split('\r\n\r\n').slice(0, -1)
    return replies.map((reply) => {
      const id = /\r\nId: (\S+)$/.exec(reply)?.[1]
      return `${/^[A-Z]+ ([A-Z_0-9]+)/.exec(reply)?.[1]}${id === undefined ? '' : ` #${id}`}`
    })
  }

  #pump(reached: Progress): void {
    this.progress = reached
    for (;;) {
      this.#said.push(new Uint8Array(this.#workbench.output.take()))
      if (this.progress !== 'full') break
      this.#betweenTurns()
      this.progress = this.session.advance(0)
    }
    if (this.progress === 'awaiting') this.wantsMore = this.session.lookAhead()
  }
}

/** Commands with the Ids 1, 2, 3 and so on. */
export const numbered = (...commands: readonly string[]): string =>
  commands.map((command, index) => `${command}\nId: ${index + 1}\n\n`).join('')
