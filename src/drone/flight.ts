import { FLIGHT } from '../commands/commands.ts'
import type { ServedCommand } from '../commands/define.ts'
import type { Context, Handlers } from '../commands/handler.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import { awaitEnding } from './awaiting.ts'
import { type FlightChecks, flightChecks } from './checks.ts'
import type { Drone, Outcome } from './drone.ts'
import { NO_FEED } from './feed.ts'
import type { Fence } from './fence.ts'
import { type Ending, type OperationCommand, Operations, place } from './operations.ts'
import { report } from './report.ts'
import { centimetres, metres } from './units.ts'

/** What must be left in the battery for TAKEOFF, 0..1. */
export const BATTERY_FLOOR = 0.15
/** How often TELEMETRY comes, where SUBSCRIBE does not say, in hertz. */
const DEFAULT_RATE_HZ = 10

export type FlightHandlers = Handlers<(typeof FLIGHT)[number]>

export interface FlightOptions {
  readonly fence?: Fence | undefined
  readonly batteryFloor?: number | undefined
  /** Those of the drone, where others have to do with them, too. */
  readonly operations?: Operations | undefined
}

/** What the commands do that are about the drone. */
export function flight(
  drone: Drone,
  clock: Clock,
  { fence = {}, batteryFloor = BATTERY_FLOOR, operations = new Operations(drone, NO_FEED) }: FlightOptions = {},
): FlightHandlers {
  const checks = flightChecks(drone, { fence, batteryFloor, operations })

  /** The reply to an operation, when that has come to its end. */
  async function whenDone<R extends { readonly op: number }>(
    op: number,
    reply: R,
    { signal }: Context,
  ): Promise<R | Failure> {
    const ending =
      operations.endingOf(op) ?? (await awaitEnding((tell) => operations.watch(op, tell), { clock, signal }))
    return ending === 'ARRIVED' ? reply : about(reply.op, ending)
  }

  /** Begins an operation that leads to a point, and answers when that is accepted; or, if so asked, when it is done. */
  function begin<R>(
    command: OperationCommand,
    op: number,
    [x, y, z]: readonly [x: number, y: number, z: number],
    outcome: Outcome | Promise<Outcome>,
    reply: R & { readonly op: number },
    wait: 'yes' | 'no' | undefined,
    context: Context,
  ): R | Failure | Promise<R | Failure> {
    const accepted = () => operations.started(op, command, x, y, z)
    if (wait !== 'yes') return when(outcome, reply, accepted)
    const done = () => whenDone(op, reply, context)
    const refusal = when(outcome, undefined, accepted)
    if (refusal instanceof Promise) return refusal.then((failure) => failure ?? done())
    return refusal ?? done()
  }

  /** What an operation is called in a session: there it is one more, where it began in another. */
  function numberIn(context: Context, op: number): number {
    if (operations.isOf(op, context.session)) return operations.numberOf(op)
    const number = context.nextOperation()
    operations.follow(op, context.session, number)
    return number
  }

  /** To be called when the drone has been stopped: what it was asked for by now is over. */
  const stopping = () => {
    const { lastOp } = operations
    return () => operations.stopped(lastOp)
  }

  return {
    TAKEOFF: (params, context) => {
      const refusal = checks.TAKEOFF(params)
      if (refusal !== undefined) return refusal
      const { z, wait } = params
      const number = context.nextOperation()
      const op = operations.next(context.session, number)
      const { x, y } = place(drone.telemetry().position)
      return begin('TAKEOFF', op, [x, y, z], drone.takeOff(metres(z), op), { z, op: number }, wait, context)
    },
    MOVE: (params, context) => {
      const refusal = checks.MOVE(params)
      if (refusal !== undefined) return refusal
      const { x, y, z, speed, wait } = params
      const height = z ?? centimetres(drone.aimedM)
      const number = context.nextOperation()
      const op = operations.next(context.session, number)
      const target = { xM: metres(x), yM: metres(y), zM: metres(height), speedMPerS: metres(speed) }
      const outcome = drone.moveTo(target, op)
      if (outcome !== undefined || wait === 'yes')
        return begin('MOVE', op, [x, y, height], outcome, { x, y, z, op: number }, wait, context)
      // As for most, with nothing made to be called later.
      operations.started(op, 'MOVE', x, y, height)
      return { x, y, z, op: number }
    },
    LAND: ({ wait }, context) => {
      const refusal = checks.LAND()
      if (refusal !== undefined) return refusal
      const { current } = operations
      const { x, y, z } = place(drone.telemetry().position)
      // Who is landing is not told twice.
      if (current?.command === 'LAND') {
        const begun = { op: numberIn(context, current.op) }
        return wait === 'yes' ? whenDone(current.op, begun, context) : begun
      }
      const number = context.nextOperation()
      const op = operations.next(context.session, number)
      // Also on the ground: the drone may have been told to leave it, and not have done so yet.
      const ground = drone.airborne ? Math.min(z, 0) : z
      return begin('LAND', op, [x, y, ground], drone.land(op), { op: number }, wait, context)
    },
    STOP: () => {
      const answer = (failure: Outcome) => failure ?? place(drone.telemetry().position)
      const outcome = when(drone.hover(), undefined, stopping())
      return outcome instanceof Promise ? outcome.then(answer) : answer(outcome)
    },
    EMERGENCY: (params) => checks.EMERGENCY(params) ?? when(drone.cutMotors(), { drone: drone.name }, stopping()),
    WRITE: ({ text }) => checks.WRITE() ?? when(drone.show(text), { bytes: encoder.encode(text).length }),
    CHANGECOLOR: ({ r, g, b }) => checks.CHANGECOLOR() ?? when(drone.paint({ red: r, green: g, blue: b }), { r, g, b }),
    STATUS: () => report(drone),
    WAIT: (params, context) => {
      const refusal = checks.WAIT(params, context)
      if (refusal !== undefined) return refusal
      const { timeout: timeoutMs, op: number } = params
      const { signal, session, lastOperation } = context
      const op = number === undefined ? undefined : operations.find(session, number, lastOperation)
      const answer = (ending: Ending) =>
        ending === 'ARRIVED' ? place(drone.telemetry().position) : number === undefined ? ending : about(number, ending)
      const { current } = operations
      const patience = { clock, signal, timeoutMs }
      if (op === undefined) {
        if (current === undefined) return answer('ARRIVED')
        return awaitEnding((tell) => operations.watchIdle(tell), patience).then(answer)
      }
      const ending = operations.endingOf(op)
      if (ending !== undefined) return answer(ending)
      return awaitEnding((tell) => operations.watch(op, tell), patience).then(answer)
    },
    SUBSCRIBE: (params, context) => {
      const refusal = checks.SUBSCRIBE(params)
      if (refusal !== undefined) return refusal
      const { topic, rate: rateHz = DEFAULT_RATE_HZ } = params
      context.subscribe(topic, rateHz)
      return { topic, rate: topic === 'TELEMETRY' ? rateHz : undefined, session: context.session }
    },
    UNSUBSCRIBE: ({ topic }, context) => {
      context.unsubscribe(topic)
      return { topic }
    },
    ACQUIRE: ({ force }, context) => context.acquire(force === 'yes') ?? { control: context.control },
    RELEASE: (_params, context) => {
      context.release()
      return { control: context.control }
    },
  }
}

const encoder = new TextEncoder()

/** The commands about a drone, ready to be served. */
export const flightCommands = (handlers: FlightHandlers, checks: FlightChecks): ServedCommand[] =>
  FLIGHT.map((row) => ({ ...row, handler: handlers[row.name], check: checks[row.name] }))

/** The reply to what the drone was asked for, once that has gone well. */
function when<R>(
  outcome: Outcome | Promise<Outcome>,
  reply: R,
  accepted: () => void = () => {},
): R | Failure | Promise<R | Failure> {
  const answer = (failure: Outcome): R | Failure => {
    if (failure !== undefined) return failure
    accepted()
    return reply
  }
  return outcome instanceof Promise ? outcome.then(answer) : answer(outcome)
}

/** An ending that tells which operation it was. */
const about = (op: number, { code, parts }: Failure): Failure =>
  new Failure(code, { ...parts, details: { ...parts.details, Op: String(op) } })
