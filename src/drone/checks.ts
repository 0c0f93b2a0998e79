import type { FLIGHT } from '../commands/commands.ts'
import type { Context, Params } from '../commands/handler.ts'
import { Failure } from '../wire/failure.ts'
import { quoteText } from '../wire/quote.ts'
import type { Capability, Drone } from './drone.ts'
import { type Fence, outsideOf } from './fence.ts'
import type { Operations } from './operations.ts'
import { centimetres, percent } from './units.ts'

type Row = (typeof FLIGHT)[number]

/** What each command would be refused for, at this moment; those that are not here are refused for nothing. */
export type FlightChecks = {
  readonly [R in Row as R['name']]?: (params: Params<R>, context: Context) => Failure | undefined
}

export interface CheckOptions {
  readonly fence: Fence
  /** What must be left in the battery for TAKEOFF, 0..1. */
  readonly batteryFloor: number
  readonly operations: Operations
}

/** What a drone is not asked to do. Changes nothing, and is all that a Dry-Run asks. */
export function flightChecks(drone: Drone, { fence, batteryFloor, operations }: CheckOptions) {
  const lacks = (capability: Capability, name: string): Failure | undefined =>
    drone.capabilities.has(capability)
      ? undefined
      : new Failure('UNSUPPORTED', { reason: `${drone.name} cannot do ${name}: it has no ${capability}` })
  return {
    TAKEOFF: ({ z }) => lacks('takeoff', 'TAKEOFF') ?? outsideOf(fence, 0, 0, z) ?? unready(drone, batteryFloor),
    MOVE: ({ x, y, z }) => (drone.airborne ? outsideOf(fence, x, y, z ?? centimetres(drone.aimedM)) : notFlying()),
    LAND: () => lacks('takeoff', 'LAND'),
    EMERGENCY: ({ drone: name }) => (name === drone.name ? lacks('cutoff', 'EMERGENCY') : wrongDrone(drone.name, name)),
    WRITE: () => lacks('display', 'WRITE'),
    CHANGECOLOR: () => lacks('light', 'CHANGECOLOR'),
    WAIT: ({ op: number }, { session, lastOperation }) => {
      if (number === undefined) return undefined
      const op = operations.find(session, number, lastOperation)
      const isKnown = op !== undefined && (operations.current?.op === op || operations.endingOf(op) !== undefined)
      return isKnown ? undefined : noSuchOperation(number)
    },
    ACQUIRE: ({ force }, context) => context.refusalToAcquire(force === 'yes'),
    SUBSCRIBE: ({ topic, rate }) => (rate === undefined || topic === 'TELEMETRY' ? undefined : rateOfWhat(topic)),
  } as const satisfies FlightChecks
}

const notFlying = (): Failure => new Failure('NOT_FLYING', { hint: 'say TAKEOFF first' })

function unready(drone: Drone, batteryFloor: number): Failure | undefined {
  if (drone.airborne)
    return new Failure('WRONG_STATE', { reason: 'The drone is in the air already', hint: 'MOVE takes an altitude, Z' })
  const { charge } = drone.telemetry()
  // As it is told, and so without what binary fractions leave behind.
  if (percent(charge) >= percent(batteryFloor)) return undefined
  const reason = `The battery is at ${percent(charge)} percent, and TAKEOFF takes ${percent(batteryFloor)}`
  return new Failure('LOW_BATTERY', { reason })
}

const wrongDrone = (name: string, said: string): Failure =>
  new Failure('BAD_ARGUMENT', {
    reason: 'Drone takes the name of the drone whose motors are to stop',
    found: quoteText(said),
    param: 'Drone',
    hint: `this one is called ${name}`,
  })

const noSuchOperation = (op: number): Failure =>
  new Failure('BAD_ARGUMENT', {
    reason: `There is no operation ${op}, or it was long ago`,
    param: 'Op',
    hint: 'the reply to MOVE, TAKEOFF and LAND tells their Op',
  })

const rateOfWhat = (topic: string): Failure =>
  new Failure('BAD_ARGUMENT', { reason: `Rate is for TELEMETRY: ${topic} comes as it happens`, param: 'Rate' })
