import { NO_OP } from '../drone/drone.ts'
import type { Fence } from '../drone/fence.ts'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import type { Clock } from '../time/clock.ts'

export type State = Readonly<Record<string, unknown>>

/** Closer than this, in metres, radians or parts of the battery, is what arithmetic with binary fractions leaves behind. */
const NEARLY = 1e-6
/** The battery is told in steps of one hundredth, which may fall into either side of a moment. */
const NEARLY_CHARGE = 0.0101

/** A state of the simulated drone and its fence, as the journal has it: metres, and parts of a full battery. */
export function stateOf(drone: SimulatedDrone, fence?: Fence): State {
  const { position, headingRad, charge, color, text } = drone.telemetry()
  return {
    x: position.xM,
    y: position.yM,
    z: position.zM,
    airborne: drone.airborne,
    aimedM: drone.aimedM,
    charge,
    color,
    // Left out of JSON where nothing was written yet.
    text,
    // Of the last direction over the ground only where it points to is told.
    east: Math.sin(headingRad),
    north: Math.cos(headingRad),
    fence,
  }
}

/** A simulated drone in a state: it stands there, whatever it was about. What the state does not tell is as at first. */
export function restoredDrone(clock: Clock, state: State): SimulatedDrone {
  const [x, y, z] = [number(state, 'x') ?? 0, number(state, 'y') ?? 0, number(state, 'z') ?? 0]
  const charge = number(state, 'charge')
  const drone = new SimulatedDrone(clock, charge === undefined ? {} : { charge })
  // It is brought there at once: first to where it comes from, so that it looks where it did.
  const place = (xM: number, yM: number) => drone.moveTo({ xM, yM, zM: z, speedMPerS: Number.POSITIVE_INFINITY }, NO_OP)
  const [east, north] = directionOf(state)
  place(x - east, y - north)
  place(x, y)
  if (state['airborne'] === false) drone.cutMotors()
  drone.aimedM = number(state, 'aimedM') ?? z
  const { color, text } = state
  if (isObject(color))
    drone.paint({
      red: number(color, 'red') ?? 0,
      green: number(color, 'green') ?? 0,
      blue: number(color, 'blue') ?? 0,
    })
  if (typeof text === 'string') drone.show(text)
  return drone
}

const KEYS = ['x', 'y', 'z', 'airborne', 'aimedM', 'charge', 'color', 'text']

/** In what of the drone a state differs from the one that was recorded. */
export function differencesOf(state: State, recorded: State): string[] {
  const differs = (key: string) => !isSame(state[key], recorded[key], key === 'charge' ? NEARLY_CHARGE : NEARLY)
  const differing = KEYS.filter(differs)
  return isSame(angleOf(state), angleOf(recorded)) ? differing : [...differing, 'heading']
}

/** None is north. */
const directionOf = (state: State): readonly [east: number, north: number] => {
  const [east, north] = [number(state, 'east') ?? 0, number(state, 'north') ?? 0]
  return east === 0 && north === 0 ? [0, 1] : [east, north]
}

/** Where it looks: directions of any length are the same. */
function angleOf(state: State): State {
  const [east, north] = directionOf(state)
  const length = Math.hypot(east, north)
  return { east: east / length, north: north / length }
}

function isSame(one: unknown, other: unknown, nearly = NEARLY): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) <= nearly
  if (!isObject(one) || !isObject(other)) return one === other
  return Object.keys({ ...one, ...other }).every((key) => isSame(one[key], other[key]))
}

const number = (state: State, key: string): number | undefined => {
  const value = state[key]
  return typeof value === 'number' ? value : undefined
}

const isObject = (value: unknown): value is State => typeof value === 'object' && value !== null
