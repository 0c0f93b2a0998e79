import { header } from '../../client/wire-reply.ts'
import { usageError } from '../options.ts'
import { colorOf, type Role, type Sighting, sightingOf } from './sighting.ts'
import { readTold } from './told.ts'
import type { MarkKind, Track, TrackMark, TrackPoint } from './track.ts'

/** So far apart telemetry still shows all of a flight: the slowest rate is one a second, and one may be late. */
export const MAX_GAP_MS = 2500

interface Colored extends Sighting {
  readonly color: string | undefined
}

/** Reads the track that a server's output holds. Throws a usage error where it holds none, or is no such output. */
export function readTrack(bytes: Uint8Array, name: string): Track {
  const sightings: Colored[] = []
  let color = ''
  let drone: string | undefined
  let messages = 0
  const all = readTold(bytes, name)
  let next = all.next()
  for (; next.done !== true; next = all.next()) {
    messages++
    color = colorOf(next.value) ?? color
    drone = header(next.value.reply, 'Drone') ?? drone
    const sighting = sightingOf(next.value, name)
    if (sighting !== undefined) sightings.push({ ...sighting, color: color === '' ? undefined : color })
  }
  const { points, marks } = trackOf(sightings)
  if (points.length > 0) return { points, marks, drone, cutOff: next.value }
  throw usageError(
    `${name} holds no track: wanted telemetry, or replies to MOVE, WAIT or STATUS, ` +
      `found ${messages} ${messages === 1 ? 'message' : 'messages'} without a place of the drone`,
  )
}

/** Puts together what is known of where the drone was, and of what became of its operations. */
function trackOf(sightings: readonly Colored[]): { points: TrackPoint[]; marks: TrackMark[] } {
  const started = new Set(sightings.flatMap(({ role, op }) => (role === 'started' && op !== undefined ? [op] : [])))
  const hasTelemetry = sightings.some(({ role }) => role === 'telemetry')
  const points: TrackPoint[] = []
  const marks: TrackMark[] = []
  // Told between two telemetry events: nothing new, unless those are far apart.
  let between: TrackPoint[] = []
  // Where the drone is to go, so long as nobody has told that it is elsewhere.
  let aim: TrackPoint | undefined
  let z: number | undefined
  let lastMs: number | undefined

  const reach = (point: TrackPoint | undefined): void => {
    if (point !== undefined) (hasTelemetry ? between : points).push(point)
  }
  for (const sighting of sightings) {
    const { role, x, y, uptimeMs, color, op, label } = sighting
    // The event tells more than the reply, and both are about one operation.
    if (role === 'aim' && op !== undefined && started.has(op)) continue
    // A MOVE without Z keeps the altitude.
    z = sighting.z ?? z
    const kind = markOf(role)
    if (kind !== undefined) marks.push({ kind, x, y, z, after: points.length, label })
    // Telemetry seldom comes at the very moment of a turn, but the end of an operation is told then, and with its place.
    const isSeen = role === 'telemetry' || (hasTelemetry && isEnd(role) && uptimeMs !== undefined)
    const point: TrackPoint = { x, y, z, uptimeMs, isTelemetry: isSeen, color }
    if (kind === 'target') {
      if (hasTelemetry) continue
      // One aim behind another, and nothing between them: that it went there is the best there is to say.
      reach(aim)
      aim = point
      continue
    }
    aim = undefined
    if (!isSeen) {
      reach(point)
      continue
    }
    const isFar = lastMs === undefined || uptimeMs === undefined || Math.abs(uptimeMs - lastMs) > MAX_GAP_MS
    if (isFar) append(points, between)
    between = []
    lastMs = uptimeMs
    points.push(point)
  }
  reach(aim)
  append(points, between)
  return { points, marks }
}

/** Not `push(...more)`: so many arguments as a file has lines no function takes. */
function append(points: TrackPoint[], more: readonly TrackPoint[]): void {
  for (const point of more) points.push(point)
}

const isEnd = (role: Role): boolean => role === 'arrived' || role === 'cancelled' || role === 'failed'

function markOf(role: Role): MarkKind | undefined {
  switch (role) {
    case 'aim':
    case 'started':
      return 'target'
    case 'arrived':
    case 'cancelled':
    case 'failed':
      return role
    case 'telemetry':
    case 'place':
      return undefined
    default:
      return role satisfies never
  }
}
