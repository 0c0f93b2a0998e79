import type { Fence } from '../drone/fence.ts'
import { BATTERY_FLOOR } from '../drone/flight.ts'
import type { SimulatedDroneOptions } from '../drone/simulated-drone.ts'
import { type Option, type ParsedArguments, usageError } from './options.ts'

const PERCENT = 100

/** The options of the drone and of where it may go. */
export const FLIGHT_OPTIONS: readonly Option[] = [
  {
    name: 'drone',
    value: 'DRONE',
    help: 'sim: in the air at the start; sim:landed: on the ground; sim:battery=80 (default sim)',
  },
  {
    name: 'fence',
    value: 'LIMITS',
    help: 'how far it may be sent: radius=500m,ceiling=120m, or one of them (default: no limit)',
  },
  {
    name: 'battery-floor',
    value: 'PERCENT',
    help: `what TAKEOFF needs in the battery (default ${BATTERY_FLOOR * PERCENT})`,
  },
]

/** The options that keep a drone from harm. */
export const SAFETY_OPTIONS: readonly Option[] = [
  { name: 'motion-ttl', value: 'TIME', help: 'motion that is older than this is EXPIRED (default 0: never)' },
  { name: 'control', value: 'MODE', help: 'shared: all may fly; exclusive: one at a time (default shared)' },
  { name: 'land-after', value: 'TIME', help: 'from when a pilot with a lease is gone to landing (default 10s)' },
]

export interface FlightSettings {
  readonly simulated: SimulatedDroneOptions
  readonly fence: Fence | undefined
  readonly batteryFloor: number
}

export function readFlightOptions({ options }: ParsedArguments): FlightSettings {
  const text = (name: string) => options.get(name)?.toString()
  const fence = text('fence')
  return {
    simulated: readDrone(text('drone') ?? 'sim'),
    fence: fence === undefined ? undefined : readFence(fence),
    batteryFloor: readPercent('--battery-floor', text('battery-floor') ?? String(BATTERY_FLOOR * PERCENT)),
  }
}

const DRONE_WANTED = 'sim, with landed and battery=PERCENT behind a colon'

/** `sim`, `sim:landed`, `sim:battery=80`, `sim:landed,battery=80`. */
function readDrone(text: string): SimulatedDroneOptions {
  const [, parts] = /^sim(?::(.+))?$/s.exec(text) ?? wrong('--drone', DRONE_WANTED, text)
  let settings: SimulatedDroneOptions = {}
  for (const part of parts?.split(',') ?? []) {
    const [, battery] = /^battery=(.*)$/s.exec(part) ?? []
    if (part === 'landed') settings = { ...settings, landed: true }
    else if (battery === undefined) wrong('--drone', DRONE_WANTED, text)
    else settings = { ...settings, charge: readPercent('--drone battery', battery) }
  }
  return settings
}

/** The metres in each unit of a length. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['cm', 0.01],
  ['m', 1],
  ['km', 1000],
])

/** `radius=500m,ceiling=120m`. */
function readFence(text: string): Fence {
  const limits = new Map<string, number>()
  for (const part of text.split(',')) {
    const [, name = '', digits = '', unit = ''] = /^(radius|ceiling)=(\d+(?:\.\d+)?)(cm|m|km)$/.exec(part) ?? []
    if (name === '' || limits.has(name)) wrong('--fence', 'radius=500m,ceiling=120m, or one of them', text)
    limits.set(name, Number(digits) * (UNITS.get(unit) as number))
  }
  const radiusM = limits.get('radius')
  const ceilingM = limits.get('ceiling')
  return { ...(radiusM === undefined ? {} : { radiusM }), ...(ceilingM === undefined ? {} : { ceilingM }) }
}

function readPercent(name: string, text: string): number {
  const percent = Number(text)
  if (!/^\d+$/.test(text) || percent > PERCENT) wrong(name, 'a percentage, 0..100', text)
  return percent / PERCENT
}

function wrong(name: string, wanted: string, text: string): never {
  throw usageError(`${name} is to be ${wanted}, got ${JSON.stringify(text)}`)
}
