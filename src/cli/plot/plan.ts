import { type Box, drawFrame } from './frame.ts'
import { drawPieces } from './lines.ts'
import { sparse, titleOf } from './marks.ts'
import type { Piece } from './pieces.ts'
import { linear, niceStep, rangeOf, roomy } from './scale.ts'
import { SYMBOL_PX, useSymbol } from './symbols.ts'
import type { MarkKind, TrackMark, TrackPoint } from './track.ts'
import { px } from './xml.ts'

/** How much of the ground is shown at least: a drone that stands is no reason to show millimetres. */
const LEAST_CM = 200
const CM_PER_M = 100
/** The room around the track, as a share of it. */
const ROOM = 0.08
/** A target farther from the track than so many times its extent is shown at the border. */
const FAR = 1.5
const GRID_PX = 80
const LEAST_HEIGHT = 260
const MOST_HEIGHT = 560

/** The track from above, X to the right and Y up, with the same scale on both axes. */
export function drawPlan(
  points: readonly TrackPoint[],
  marks: readonly TrackMark[],
  pieces: readonly Piece[],
  { left, top, right }: Omit<Box, 'bottom'>,
): { readonly svg: string; readonly bottom: number } {
  const x = extentOf(points, marks, (place) => place.x)
  const y = extentOf(points, marks, (place) => place.y)
  const width = right - left
  const height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, (width * (y[1] - y[0])) / (x[1] - x[0])))
  const bottom = top + height
  const cmPerPx = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height)
  // In metres, as the labels are.
  const across = linear(...about(x, (cmPerPx * width) / CM_PER_M), left, right)
  const up = linear(...about(y, (cmPerPx * height) / CM_PER_M), bottom, top)
  const step = niceStep((cmPerPx * GRID_PX) / CM_PER_M)
  const place = (cm: { readonly x: number; readonly y: number }) =>
    [across.map(cm.x / CM_PER_M), up.map(cm.y / CM_PER_M)] as const
  const inside = { left: left + SYMBOL_PX, top: top + SYMBOL_PX, right: right - SYMBOL_PX, bottom: bottom - SYMBOL_PX }
  const frame = drawFrame(
    { left, top, right, bottom },
    { scale: across, step, caption: 'X, m east' },
    { scale: up, step, caption: 'Y, m north' },
  )
  const track = drawPieces(pieces, (index) => {
    const point = points[index]
    return point === undefined ? undefined : rounded(place(point))
  })
  const [first, last] = [points[0], points.at(-1)]
  const ends = [
    ...(last === undefined ? [] : [useSymbol('end', ...place(last), 'end')]),
    ...(first === undefined ? [] : [useSymbol('start', ...place(first), 'start')]),
  ]
  return { svg: `${frame}${track}${drawMarks(marks, place, inside)}${ends.join('')}`, bottom }
}

const rounded = ([x, y]: readonly [number, number]) => [Number(px(x)), Number(px(y))] as const

/** A range of so many metres about the middle of one in cm. */
function about([from, to]: readonly [number, number], metres: number): [number, number] {
  const middle = (from + to) / 2 / CM_PER_M
  return [middle - metres / 2, middle + metres / 2]
}

/** What is to be seen on one axis, in cm: all of the track, and the marks that are not far away from it. */
function extentOf(
  points: readonly TrackPoint[],
  marks: readonly TrackMark[],
  of: (place: TrackPoint | TrackMark) => number,
): [from: number, to: number] {
  const [from, to] = rangeOf(points.map(of)) ?? rangeOf(marks.map(of)) ?? [0, 0]
  const far = Math.max(to - from, LEAST_CM) * FAR
  const near = marks.map(of).filter((value) => value >= from - far && value <= to + far)
  const [least, greatest] = rangeOf([from, to, ...(rangeOf(near) ?? [])]) ?? [from, to]
  return roomy(least, greatest, LEAST_CM, ROOM)
}

/** Marks, those that are far outside at the border. */
function drawMarks(
  marks: readonly TrackMark[],
  place: (mark: TrackMark) => readonly [number, number],
  inside: Box,
): string {
  const kinds: readonly MarkKind[] = ['target', 'cancelled', 'failed', 'arrived']
  return kinds
    .flatMap((kind) => {
      const placed = marks
        .filter((mark) => mark.kind === kind)
        .map((mark) => {
          const [x, y] = place(mark)
          const [nearX, nearY] = [clamp(x, inside.left, inside.right), clamp(y, inside.top, inside.bottom)]
          const isFar = Math.hypot(nearX - x, nearY - y) > SYMBOL_PX
          return { x: nearX, y: nearY, symbol: isFar ? 'far' : kind, mark } as const
        })
      return sparse(placed).map(({ x, y, symbol, mark }) => useSymbol(symbol, x, y, titleOf(mark)))
    })
    .join('')
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
