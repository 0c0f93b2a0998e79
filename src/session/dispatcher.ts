import type { SessionState } from '../commands/command.ts'
import type { Conditions } from '../commands/conditions.ts'
import { REHEARSAL } from '../commands/rehearsal.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import type { Failure } from '../wire/failure.ts'
import type { Message } from '../wire/message.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { tooOld } from './freshness.ts'
import type { SessionHost } from './host.ts'
import type { Intake } from './intake.ts'
import type { Replayed } from './replayed.ts'
import { type Receipt, type StopLane, stopped } from './stop-lane.ts'

const NO_CONDITIONS: Conditions = {}

/** Has what messages ask for carried out, on the conditions that they make. */
export class Dispatcher {
  /** What the last message asked for, and the ticket of its answer, where that comes later. */
  command: PreparedCommand = REHEARSAL
  ticket = 0
  /** When the reply to HELLO was given; before that there is nothing that Sent could count from. */
  greetedMs = Number.POSITIVE_INFINITY
  readonly #intake: Intake
  readonly #host: SessionHost
  readonly #stopLane: StopLane
  readonly #motionTtlMs: number

  constructor(intake: Intake, host: SessionHost, stopLane: StopLane, motionTtlMs: number) {
    this.#intake = intake
    this.#host = host
    this.#stopLane = stopLane
    this.#motionTtlMs = motionTtlMs
  }

  /** Runs the command of a message whose turn it is, or says why not; undefined where its answer comes later. */
  run(
    message: Message,
    state: SessionState,
    receipt: Receipt,
    nowMs: number,
  ): ReplyValues | Failure | Replayed | undefined {
    const intake = this.#intake
    const refusal = intake.admit(message, state)
    if (refusal !== undefined) return refusal
    const { params, conditions } = intake
    const command = intake.command as PreparedCommand
    this.command = command
    const late = this.#lateness(command, conditions, receipt, nowMs)
    const key = conditions?.key
    if (conditions?.dryRun === 'yes') return late ?? this.#rehearse(command, params)
    // A Key that has come before has its reply, however late it comes again.
    if (late !== undefined && key === undefined) return late
    const ticket = ++this.ticket
    const result = this.#host.execute(command, params, ticket, key, late)
    // What a command of the stop lane stops had come before; what follows it has not.
    if (command.urgent) receipt.stops = this.#stopLane.ran(result)
    return result
  }

  /** Why the turn of a command comes too late: by its age, or because motion was stopped. To stop is never too late. */
  #lateness(
    { motion, urgent }: PreparedCommand,
    conditions: Conditions | undefined,
    receipt: Receipt,
    nowMs: number,
  ): Failure | undefined {
    const motionTtlMs = motion ? this.#motionTtlMs : 0
    if (!urgent && (conditions !== undefined || motionTtlMs > 0)) {
      const timing = { receivedMs: receipt.ms, greetedMs: this.greetedMs, nowMs }
      const old = tooOld(conditions ?? NO_CONDITIONS, motionTtlMs, timing)
      if (old !== undefined) return old
    }
    return motion && receipt.stops !== this.#stopLane.stops ? stopped() : undefined
  }

  #rehearse(command: PreparedCommand, params: DecodedParams): ReplyValues | Failure {
    const refusal = this.#host.check(command, params)
    this.command = REHEARSAL
    return refusal ?? { command: command.spec.name, dryRun: 'yes' }
  }
}
