import type { Bounds, Point } from './bounds.ts'
import { niceStep } from './scale.ts'

/** A cell of a terminal is about twice as high as it is wide. */
const CELL_ASPECT = 2
/** What the plan shows at least. */
const MIN_SPAN_CM = 200
/** The bounds are rounded outward to steps of this part of them: the plan moves seldom while they grow. */
const STEPS_PER_SPAN = 8
/** Room between the outermost point and the bounds, in steps. */
const MARGIN = 0.1
/** Columns between two ticks: from this to 2.5 times as many, and even, for as many half as high rows. */
const MIN_TICK_COLUMNS = 8
const NOWHERE: Bounds = { minX: 0, maxX: 0, minY: 0, maxY: 0 }

/** How the plan lies on the cells: both ways at the same scale, ticks in the middle of cells. */
export interface View {
  /** How many centimetres a column is wide; a row is twice as high. */
  readonly columnCm: number
  /** The distance between ticks. */
  readonly tickCm: number
  /** The first column and the lowest row, counted from the origin. */
  readonly firstColumn: number
  readonly lowestRow: number
  readonly columns: number
  readonly rows: number
}

/**
 * The view of some bounds on so many cells. It depends on nothing else: as the bounds of a flight only grow, so does
 * its scale.
 */
export function viewOf(bounds: Bounds | undefined, columns: number, rows: number): View {
  const { minX, maxX, minY, maxY } = bounds ?? NOWHERE
  const across = outward(minX, maxX)
  const along = outward(minY, maxY)
  const widthCm = Math.max(across.sizeCm / Math.max(1, columns - 1), along.sizeCm / Math.max(1, rows - 1) / CELL_ASPECT)
  const tickCm = niceStep(widthCm * MIN_TICK_COLUMNS)
  const tickColumns = CELL_ASPECT * Math.max(1, Math.floor(tickCm / widthCm / CELL_ASPECT))
  const columnCm = tickCm / tickColumns
  return {
    columnCm,
    tickCm,
    firstColumn: Math.round(across.middleCm / columnCm - (columns - 1) / 2),
    lowestRow: Math.round(along.middleCm / columnCm / CELL_ASPECT - (rows - 1) / 2),
    columns,
    rows,
  }
}

/** Where a point is, in columns from the left edge and in rows from the lower. */
export const placeIn = ({ columnCm, firstColumn, lowestRow }: View, { x, y }: Point) => ({
  right: x / columnCm - firstColumn + 0.5,
  up: y / columnCm / CELL_ASPECT - lowestRow + 0.5,
})

/** The ticks on a side of the plan: at which cell, and what they stand for. */
export const ticksAcross = (view: View) => ticks(view.firstColumn, view.columns, view, 1)
export const ticksAlong = (view: View) => ticks(view.lowestRow, view.rows, view, CELL_ASPECT)

function ticks(first: number, count: number, { columnCm, tickCm }: View, aspect: number) {
  const every = Math.round(tickCm / columnCm / aspect)
  const start = Math.ceil(first / every)
  const length = Math.max(0, Math.floor((first + count - 1) / every) - start + 1)
  return Array.from({ length }, (_, index) => ({
    cell: (start + index) * every - first,
    cm: (start + index) * tickCm,
  }))
}

/** For each axis alone: only so does no growth along one of them make the other shorter. */
function outward(min: number, max: number) {
  const stepCm = niceStep(Math.max(max - min, MIN_SPAN_CM) / STEPS_PER_SPAN)
  const low = Math.floor(min / stepCm - MARGIN) * stepCm
  const high = Math.ceil(max / stepCm + MARGIN) * stepCm
  return { sizeCm: Math.max(high - low, MIN_SPAN_CM), middleCm: (low + high) / 2 }
}
