import { header } from '../../client/wire-reply.ts'
import { quoteText } from '../../wire/quote.ts'
import { usageError } from '../options.ts'
import type { Told } from './told.ts'

/** What a message says of the drone: where it is, where it is to go, or what has become of an operation. */
export type Role = 'telemetry' | 'place' | 'aim' | 'started' | 'arrived' | 'cancelled' | 'failed'

/** What one message says of where the drone is or is to go, in cm. */
export interface Sighting {
  readonly role: Role
  readonly x: number
  readonly y: number
  readonly z: number | undefined
  readonly uptimeMs: number | undefined
  /** The number of the operation it belongs to. */
  readonly op: string | undefined
  /** What operation it is, and how it failed. */
  readonly label: string
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['OK STATUS', 'place'],
  ['OK ARRIVED', 'place'],
  ['OK MOVING_TO', 'aim'],
  ['EVENT TELEMETRY', 'telemetry'],
  ['EVENT STARTED', 'started'],
  ['EVENT ARRIVED', 'arrived'],
  ['EVENT CANCELLED', 'cancelled'],
  ['EVENT FAILED', 'failed'],
])

/** The bounds of a coordinate: 32 bits with a sign. */
const MAX_CM = 2 ** 31 - 1
const MIN_CM = -(2 ** 31)
const MAX_COLOR = 255

/** What a message says of the drone's place; undefined where that is nothing. Throws a usage error at a bad number. */
export function sightingOf({ line, reply }: Told, name: string): Sighting | undefined {
  const [word = ''] = reply.summary.toUpperCase().split(/[( ]/)
  const role = ROLES.get(`${reply.kind} ${word}`)
  if (role === undefined) return undefined
  const read = (key: string): number | undefined => {
    const text = header(reply, key)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^-?\d+$/.test(text) && value >= MIN_CM && value <= MAX_CM) return value
    const wanted = `is to be a whole number of centimetres from ${MIN_CM} to ${MAX_CM}`
    throw usageError(`${name}:${line}: ${key} of ${reply.kind} ${word} ${wanted}, got ${quoteText(text)}`)
  }
  const [x, y, z] = [read('X'), read('Y'), read('Z')]
  if (x === undefined || y === undefined) {
    // An operation may well have no place; telemetry without one is no telemetry.
    if (role !== 'telemetry' && x === y) return undefined
    throw usageError(`${name}:${line}: ${reply.kind} ${word} wants an X and a Y`)
  }
  const uptime = header(reply, 'Uptime') ?? ''
  const told = ['Command', 'Op', 'Code', 'Reason'].flatMap((key) => header(reply, key) ?? [])
  return {
    role,
    x,
    y,
    z,
    uptimeMs: /^\d{1,15}$/.test(uptime) ? Number(uptime) : undefined,
    op: header(reply, 'Op'),
    label: [word.toLowerCase(), ...told].join(' '),
  }
}

/** The color that a message tells, as `#rrggbb`: '' where that is black, undefined where it tells none. */
export function colorOf({ reply }: Told): string | undefined {
  if (reply.kind === 'ERR') return undefined
  const parts = ['R', 'G', 'B'].map((key) => header(reply, key) ?? '')
  if (!parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= MAX_COLOR)) return undefined
  const hex = parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')
  return hex === '000000' ? '' : `#${hex}`
}
