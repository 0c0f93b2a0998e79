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
    const { conditions } = intake
    const command = intake.command as PreparedCommand
    this.command = command
    const late = this.#lateness(command, conditions, receipt, asking)
    const key = conditions?.key
    if (conditions?.dryRun === 'yes') return late ?? this.#rehearse(command, params, asking.host)
    // A Key that has come before has its reply, however late it comes again.
    if (late !== undefined && key === undefined) return late
    const ticket = ++this.ticket
    const result = asking.host.execute(command, params, ticket, key, late)
    // What a command of the stop lane stops had come before; what follows it has not.
    if (command.urgent) receipt.stops = this.#stopLane.ran(result)
    return result
  }

  /** Why the turn of a command comes too late: by its age, or because motion was stopped. To stop is never too late. */
  #lateness(
    { motion, urgent }: PreparedCommand,
    conditions: Conditions | undefined,
    receipt: Receipt,
    { greetedMs = Number.POSITIVE_INFINITY, nowMs }: Asking,
  ): Failure | undefined {
    const motionTtlMs = motion ? this.#motionTtlMs : 0
    if (!urgent && (conditions !== undefined || motionTtlMs > 0)) {
      const timing = { receivedMs: receipt.ms, greetedMs, nowMs }
      const old = tooOld(conditions ?? NO_CONDITIONS, motionTtlMs, timing)
      if (old !== undefined) return old
    }
    return motion && receipt.stops !== this.#stopLane.stops ? stopped() : undefined
  }

  #rehearse(command: PreparedCommand, params: DecodedParams, host: SessionHost): ReplyValues | Failure {
    const refusal = host.check(command, params)
    this.command = REHEARSAL
    return refusal ?? { command: command.spec.name, dryRun: 'yes' }
  }
}
