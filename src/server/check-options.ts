import { MAX_TTL_MS } from '../commands/conditions.ts'
import { CONTROL_MODES } from './control.ts'
import { MAX_FRAME_BYTES, type ServerOptions } from './options.ts'

const PRINTABLE = /^[ -~]+$/
const INFINITE = Number.POSITIVE_INFINITY

/** Throws a TypeError that names the option, where one is out of its range: a fence of NaN would be none at all. */
export function checkOptions(options: ServerOptions): void {
  const { fence = {}, timeouts = {}, commands = [], control, name } = options
  within('maxFrameBytes', options.maxFrameBytes, 1, MAX_FRAME_BYTES)
  within('maxConnections', options.maxConnections, 0, INFINITE)
  within('maxUnauthenticated', options.maxUnauthenticated, 0, INFINITE)
  within('motionTtlMs', options.motionTtlMs, 0, MAX_TTL_MS)
  within('landAfterMs', options.landAfterMs, 0, INFINITE)
  within('batteryFloor', options.batteryFloor, 0, 1)
  within('fence.radiusM', fence.radiusM, 0, INFINITE)
  within('fence.ceilingM', fence.ceilingM, 0, INFINITE)
  for (const [timeout, ms] of Object.entries(timeouts)) within(`timeouts.${timeout}`, ms, 0, INFINITE)
  if (control !== undefined && !CONTROL_MODES.includes(control)) wrong('control', CONTROL_MODES.join(' or '), control)
  if (name !== undefined && !PRINTABLE.test(name)) wrong('name', 'printable ASCII', name)
  for (const { name: command, handler } of commands)
    if (typeof handler !== 'function') wrong(`the handler of ${command}`, 'a function', handler)
}

function within(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (typeof value === 'number' && value >= min && value <= max)) return
  wrong(name, max === INFINITE ? `a number from ${min}` : `a number, ${min}..${max}`, value)
}

function wrong(name: string, wanted: string, found: unknown): never {
  throw new TypeError(`${name} is to be ${wanted}, got ${String(found)}`)
}
