import { type Axis, type Box, drawFrame } from './frame.ts'
import { drawPieces } from './lines.ts'
import { sparse, titleOf } from './marks.ts'
import type { Piece } from './pieces.ts'
import { linear, niceStep, rangeOf, roomy } from './scale.ts'
import { useSymbol } from './symbols.ts'
import type { MarkKind, TrackMark, TrackPoint } from './track.ts'
import { px } from './xml.ts'

const CM_PER_M = 100
const LEAST_M = 1
const ROOM = 0.12
const ROW_PX = 28
const COLUMN_PX = 90
/** The units of the axis of time: its seconds, and from how many of them on it is used. */
const UNITS = [
  { name: 'h', seconds: 3600, from: 18_000 },
  { name: 'min', seconds: 60, from: 300 },
  { name: 's', seconds: 1, from: 0 },
]

/** The marks that have a time; a target is told before it is reached. */
const HAPPENINGS: readonly MarkKind[] = ['cancelled', 'failed', 'arrived']

/** The altitude in the course of time; where most of the points have no time, in their order. */
export function drawStrip(
  points: readonly TrackPoint[],
  marks: readonly TrackMark[],
  pieces: readonly Piece[],
  box: Box,
): string {
  const altitudes = rangeOf(points.flatMap(({ z }) => (z === undefined ? [] : [z / CM_PER_M])))
  const [from, to] = altitudes ?? [0, 0]
  const [low, high] = roomy(from, to, LEAST_M, ROOM)
  // The ground is shown where it is not far below.
  const foot = from >= 0 && from <= to - from + LEAST_M ? 0 : low
  const scale = linear(foot, Math.max(high, foot + LEAST_M), box.bottom, box.top)
  const step = niceStep(((scale.to - scale.from) * ROW_PX) / (box.bottom - box.top))
  const { axis, at } = course(points, box)
  const place = (index: number) => {
    const z = points[index]?.z
    if (z === undefined) return undefined
    return [Number(px(axis.scale.map(at[index] ?? 0))), Number(px(scale.map(z / CM_PER_M)))] as const
  }
  const frame = drawFrame(box, axis, { scale, step, caption: 'Z, m up' })
  const happened = HAPPENINGS.flatMap((kind) =>
    sparse(
      marks.flatMap((mark) => {
        const dot = mark.kind === kind ? place(Math.min(mark.after, points.length - 1)) : undefined
        return dot === undefined ? [] : [{ mark, x: dot[0], y: dot[1] }]
      }),
    ).map(({ mark, x, y }) => useSymbol(kind, x, y, titleOf(mark))),
  )
  // A single point is no line.
  const [only] = points.length === 1 ? [place(0)] : []
  const stand = only === undefined ? '' : useSymbol('start', ...only)
  return `${frame}${drawPieces(pieces, place)}${happened.join('')}${stand}`
}

/** Where each point stands on the axis below. */
function course(points: readonly TrackPoint[], { left, right }: Box): { axis: Axis; at: readonly number[] } {
  const elapsed = elapsedSeconds(points)
  const duration = elapsed.at(-1) ?? 0
  const timed = points.filter(({ uptimeMs }) => uptimeMs !== undefined).length
  if (duration <= 0 || timed * 2 < points.length) {
    const scale = linear(1, Math.max(2, points.length), left, right)
    const step = Math.max(1, niceStep(((scale.to - 1) * COLUMN_PX) / (right - left)))
    return { axis: { scale, step, caption: 'point of the track' }, at: points.map((_, index) => index + 1) }
  }
  const { name, seconds } = UNITS.find((unit) => duration >= unit.from) ?? { name: 's', seconds: 1 }
  const scale = linear(0, duration / seconds, left, right)
  const step = niceStep((scale.to * COLUMN_PX) / (right - left))
  return { axis: { scale, step, caption: `time, ${name}` }, at: elapsed.map((each) => each / seconds) }
}

/** The seconds since the first point; one without a time shares that of the one before it. */
export function elapsedSeconds(points: readonly TrackPoint[]): number[] {
  let elapsedMs = 0
  let lastMs: number | undefined
  return points.map(({ uptimeMs }) => {
    // A server that was started anew counts from 0 again.
    if (uptimeMs !== undefined && lastMs !== undefined) elapsedMs += Math.max(0, uptimeMs - lastMs)
    lastMs = uptimeMs ?? lastMs
    return elapsedMs / 1000
  })
}
