import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { authenticator, sharedBy } from '../../src/server/identities.ts'
import { conversation } from '../../src/session/conversation.ts'
import type { Progress, SessionHost } from '../../src/session/host.ts'
import { shuttingDown } from '../../src/session/refusals.ts'
import { Session } from '../../src/session/session.ts'
import { Workbench } from '../../src/session/workbench.ts'
import { Failure } from '../../src/wire/failure.ts'
import type { ReplyValues } from '../../src/wire/reply.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { createWire } from '../../src/wire/wires.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { QUIET_HOST } from '../support/quiet-host.ts'
import type { ModelTimeouts } from '../support/session-model.ts'

export interface DrivenOptions {
  readonly wire?: WireName
  readonly token?: string | undefined
  readonly strictCrlf?: boolean
  readonly timeouts?: ModelTimeouts
}

type Values = Readonly<Record<string, number | string | undefined>>
type Execute = (params: Values, context: unknown) => ReplyValues | Failure

/** A text whose WRITE fails inside the server. */
export const BROKEN_TEXT = 'boom'
/** What WAIT answers where nobody decides otherwise. */
const ARRIVED = { x: 1, y: 2, z: 3 }
const NO_BYTES = new Uint8Array(0)
const NO_TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }
const ORIGIN = { x: 0, y: 0, z: 0 }
const STATUS = { drone: 'sim', state: 'hovering', ...ORIGIN, heading: 0, battery: 100, r: 0, g: 0, b: 0 }

/** The commands about a drone, without one: what they answer follows from what they were given. */
const FLIGHT: Readonly<Record<string, Execute>> = {
  TAKEOFF: ({ z }) => ({ z, op: 1 }),
  MOVE: ({ x, y, z }) => ({ x, y, z, op: 1 }),
  LAND: () => ({ op: 1 }),
  STOP: () => ORIGIN,
  EMERGENCY: ({ drone }) => ({ drone }),
  SUBSCRIBE: ({ topic, rate }) => ({ topic, rate }),
  UNSUBSCRIBE: ({ topic }) => ({ topic }),
  WRITE: ({ text = '' }) => (text === BROKEN_TEXT ? new Failure('INTERNAL') : { bytes: Buffer.byteLength(`${text}`) }),
  CHANGECOLOR: ({ r, g, b }) => ({ r, g, b }),
  STATUS: () => STATUS,
}

/** A session with what a connection does for it, step by step: no socket, and a clock that stands still. */
export class DrivenSession {
  readonly #clock = new FakeClock()
  readonly #workbench: Workbench
  readonly #session: Session
  readonly #sent: Uint8Array[] = []
  /** What came while nothing was read; undefined is the end. */
  readonly #waiting: (Uint8Array | undefined)[] = []
  #progress: Progress = 'starved'
  /** Of the command that is awaited. */
  #ticket = 0
  #callOffTimer: () => void = () => {}

  constructor({ wire = 'text', token, strictCrlf = false, timeouts = NO_TIMEOUTS }: DrivenOptions = {}) {
    const table = new CommandTable(COMMANDS)
    this.#workbench = new Workbench(table)
    const spoken = conversation({ table, drone: 'sim', authenticate: authenticator(sharedBy(token)) })
    const handlers = new Map(Object.entries({ ...spoken, ...FLIGHT } as unknown as Record<string, Execute>))
    const host: SessionHost = {
      ...QUIET_HOST,
      execute: ({ spec }, params, ticket) => {
        const context = { signal: new AbortController().signal, welcome: () => {} }
        const result = handlers.get(spec.name)?.(params, context)
        if (result === undefined) this.#ticket = ticket
        return result
      },
      broken: () => {},
    }
    const auth = token === undefined ? 'none' : 'token'
    const options = {
      greeting: NO_BYTES,
      wire: createWire(wire, { auth, strictCrlf }),
      timeouts,
    }
    this.#session = new Session(options, host, this.#workbench, 0)
    this.#watch()
  }

  get deadlineMs(): number {
    return this.#session.deadlineMs
  }

  get state(): string {
    return this.#session.state
  }

  get isAwaiting(): boolean {
    return this.#progress === 'awaiting'
  }

  /** All that was sent, from the start. */
  get said(): Buffer {
    return Buffer.concat(this.#sent)
  }

  /** Takes bytes, or the end of them. */
  receive(chunk: Uint8Array | undefined): void {
    this.#waiting.push(chunk)
    this.#goOn()
  }

  settle(result: ReplyValues | Failure = ARRIVED): void {
    this.#session.settle(this.#ticket, result, this.#clock.now())
    this.#resume()
  }

  drain(): void {
    this.#session.end(shuttingDown())
    this.#resume()
  }

  pass(ms: number): void {
    this.#clock.advance(ms)
  }

  #resume(): void {
    this.#progress = this.#session.advance(this.#clock.now())
    this.#goOn()
  }

  #goOn(): void {
    this.#send()
    while (this.#progress === 'full' || (this.#progress === 'starved' && this.#waiting.length > 0)) {
      this.#progress = this.#step()
      this.#send()
    }
    this.#watch()
  }

  #step(): Progress {
    const session = this.#session
    const nowMs = this.#clock.now()
    if (this.#progress === 'full') return session.advance(nowMs)
    const chunk = this.#waiting.shift()
    if (chunk !== undefined) return session.receive(Uint8Array.from(chunk), nowMs)
    session.finish()
    return session.advance(nowMs)
  }

  #send(): void {
    this.#sent.push(Uint8Array.from(this.#workbench.output.take()))
  }

  #watch(): void {
    this.#callOffTimer()
    const delayMs = this.#session.deadlineMs - this.#clock.now()
    if (delayMs === Number.POSITIVE_INFINITY) return
    this.#callOffTimer = this.#clock.after(delayMs, () => {
      this.#session.expire(this.#clock.now())
      // A deadline that passes and comes to nothing would pass for ever.
      if (this.#session.deadlineMs <= this.#clock.now())
        throw new Error(`Nothing came of the deadline at ${this.#clock.now()} ms`)
      this.#resume()
    })
  }
}

/** What a session without deadlines answers to a stream, where every command that is awaited succeeds at once. */
export function answerTo(chunks: readonly Uint8Array[], options: DrivenOptions): Buffer {
  const session = new DrivenSession(options)
  for (const chunk of [...chunks, undefined]) {
    session.receive(chunk)
    while (session.isAwaiting) session.settle()
  }
  return session.said
}
