import type { SessionState } from '../commands/command.ts'
import type { Conditions } from '../commands/conditions.ts'
import { REHEARSAL } from '../commands/rehearsal.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { Message } from '../wire/message.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { tooOld } from './freshness.ts'
import type { SessionHost } from './host.ts'
import type { Intake } from './intake.ts'
import type { Replayed } from './replayed.ts'
import { type Receipt, type StopLane, stopped } from './stop-lane.ts'

const NO_CONDITIONS: Conditions = {}

/** The session whose message it is. */
export interface Asking {
  readonly state: SessionState
  readonly host: SessionHost
  /** When HELLO succeeded: before that there is nothing that Sent could count from. */
  readonly greetedMs: number | undefined
  readonly nowMs: number
}

/** Has what messages ask for carried out, on the conditions that they make. Sessions share one. */
export class Dispatcher {
  /** What the last message asked for, and the ticket of its answer, where that comes later. */
  command: PreparedCommand = REHEARSAL
  ticket = 0
  readonly #intake: Intake
  readonly #stopLane: StopLane
  /** The Ttl of motion that has none of its own, in milliseconds; 0 is none. */
  readonly #motionTtlMs: number

  constructor(intake: Intake, stopLane: StopLane, motionTtlMs: number) {
    this.#intake = intake
    this.#stopLane = stopLane
    this.#motionTtlMs = motionTtlMs
  }

  /** Runs the command of a message whose turn it is, or says why not; undefined where its answer comes later. */
  run(message: Message, receipt: Receipt, asking: Asking): ReplyValues | Failure | Replayed | undefined {
    const intake = this.#intake
    const params = intake.admit(message, asking.state)
    if (params instanceof Failure) return params
    const command = intake.command as PreparedCommand
    this.command = command
    const { conditions } = intake
    if (conditions !== undefined || this.#motionTtlMs > 0)
      return this.#runOn(conditions ?? NO_CONDITIONS, params, receipt, asking)
    return this.#stopped(command, receipt) ?? this.#execute(command, params, receipt, asking.host)
  }

  #runOn(
    conditions: Conditions,
    params: DecodedParams,
    receipt: Receipt,
    { host, greetedMs = Number.POSITIVE_INFINITY, nowMs }: Asking,
  ): ReplyValues | Failure | Replayed | undefined {
    const { command } = this
    const timing = { receivedMs: receipt.ms, greetedMs, nowMs }
    const motionTtlMs = command.motion ? this.#motionTtlMs : 0
    // To stop is never too late.
    const old = command.urgent ? undefined : tooOld(conditions, motionTtlMs, timing)
    const late = old ?? this.#stopped(command, receipt)
    if (conditions.dryRun === 'yes') return late ?? this.#rehearse(command, params, host, conditions.key)
    // A Key that has come before has its reply, however late it comes again.
    if (late !== undefined && conditions.key === undefined) return late
    return this.#execute(command, params, receipt, host, conditions.key, late)
  }

  #execute(
    command: PreparedCommand,
    params: DecodedParams,
    receipt: Receipt,
    host: SessionHost,
    key?: string,
    late?: Failure,
  ): ReplyValues | Failure | Replayed | undefined {
    const result = host.execute(command, params, ++this.ticket, key, late)
    // What a command of the stop lane stops had come before; what follows it has not.
    if (command.urgent && host.hasRun) receipt.stops += this.#stopLane.ran(result)
    return result
  }

  /** Why motion does not begin that has come before a command of the stop lane. */
  #stopped({ motion }: PreparedCommand, { stops }: Receipt): Failure | undefined {
    return motion && stops !== this.#stopLane.stops ? stopped() : undefined
  }

  #rehearse(command: PreparedCommand, params: DecodedParams, host: SessionHost, key?: string): ReplyValues | Failure {
    const refusal = host.check(command, params, key)
    this.command = REHEARSAL
    return refusal ?? { command: command.spec.name, dryRun: 'yes' }
  }
}
