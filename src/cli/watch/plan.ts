import type { Point } from './bounds.ts'
import type { Canvas } from './canvas.ts'
import { type CellPlace, Dots } from './dots.ts'
import { cellsOf } from './glyphs.ts'
import { arrowOf } from './heading.ts'
import { shortMetres } from './scale.ts'
import type { Scene } from './scene.ts'
import { STYLE } from './styles.ts'
import { placeIn, ticksAcross, ticksAlong, type View, viewOf } from './view.ts'

/** Where the plan is on the canvas, labels and border included; it begins at the top left. */
export interface PlanSize {
  readonly columns: number
  readonly rows: number
}

/** The labels of the axis along, with the blank that is before the border. */
const AXIS_COLUMNS = 6
/** Both borders, and the labels of the axis across. */
const FRAME_ROWS = 3
const TITLES = [' north up, in metres ', ' north up, m ', ' m ']
const WAITING = 'waiting for telemetry'
const HOME: Point = { x: 0, y: 0 }

const BOX = {
  corners: ['┌', '┐', '└', '┘'],
  across: '─',
  along: '│',
  tickAcross: '┬',
  tickAlong: '┤',
  grid: '·',
  home: '⌂',
  target: '○',
} as const
const ASCII_BOX = {
  corners: ['+', '+', '+', '+'],
  across: '-',
  along: '|',
  tickAcross: '+',
  tickAlong: '+',
  grid: '+',
  home: 'H',
  target: 'o',
} as const

/** Draws what there is to see from above: the track, the drone and where it goes, in a border with its scale. */
export function drawPlan(canvas: Canvas, scene: Scene, { columns, rows }: PlanSize): void {
  const view = viewOf(scene.bounds, columns - AXIS_COLUMNS - 2, rows - FRAME_ROWS)
  drawBorder(canvas, view)
  drawGrid(canvas, view)
  const { box, mark } = penOf(canvas, view)
  drawTrack(canvas, scene, view)
  mark(placeIn(view, HOME), box.home, STYLE.home)
  const { telemetry, running } = scene
  if (running !== undefined) mark(placeIn(view, running.place), box.target, STYLE.target)
  if (telemetry !== undefined) {
    mark(placeIn(view, telemetry), arrowOf(telemetry.heading, canvas.unicode), STYLE.drone)
    return
  }
  const middle = AXIS_COLUMNS + 1 + Math.max(0, Math.floor((view.columns - WAITING.length) / 2))
  canvas.put(1, middle, WAITING, STYLE.dim, columns - 1)
}

function drawBorder(canvas: Canvas, view: View): void {
  const { box } = penOf(canvas, view)
  const [left, right] = [AXIS_COLUMNS, AXIS_COLUMNS + 1 + view.columns]
  const bottom = view.rows + 1
  const [topLeft, topRight, bottomLeft, bottomRight] = box.corners
  const side = box.across.repeat(view.columns)
  canvas.put(0, left, topLeft + side + topRight, STYLE.dim)
  canvas.put(0, left + 2, TITLES.find(({ length }) => length < view.columns - 1) ?? '', STYLE.dim, right - 1)
  for (let row = 1; row < bottom; row++) {
    canvas.put(row, left, box.along, STYLE.dim)
    canvas.put(row, right, box.along, STYLE.dim)
  }
  canvas.put(bottom, left, bottomLeft + side + bottomRight, STYLE.dim)
  for (const { cell, cm } of ticksAlong(view)) {
    const label = shortMetres(cm)
    canvas.put(bottom - 1 - cell, left, box.tickAlong, STYLE.dim)
    if (label.length < AXIS_COLUMNS) canvas.put(bottom - 1 - cell, left - 1 - label.length, label)
  }
  let free = 0
  for (const { cell, cm } of ticksAcross(view)) {
    const label = shortMetres(cm)
    const column = left + 1 + cell
    const start = column - Math.floor(cellsOf(label) / 2)
    canvas.put(bottom, column, box.tickAcross, STYLE.dim)
    if (start >= free && start + label.length <= right + 1) free = canvas.put(bottom + 1, start, label) + 1
  }
}

function drawGrid(canvas: Canvas, view: View): void {
  const { box, mark } = penOf(canvas, view)
  for (const { cell: up } of ticksAlong(view)) {
    for (const { cell: right } of ticksAcross(view)) mark({ right, up }, box.grid, STYLE.dim)
  }
}

function drawTrack(canvas: Canvas, scene: Scene, view: View): void {
  const dots = new Dots(view.columns, view.rows, canvas.unicode)
  const places = scene.track.points.map((point) => placeIn(view, point))
  for (const [index, place] of places.entries()) dots.line(places[index - 1] ?? place, place)
  for (const { column, row, character } of dots.cells()) {
    canvas.put(row + 1, AXIS_COLUMNS + 1 + column, character, STYLE.track)
  }
}

/** The characters to draw with, and how to set one at a place of the view, where it is within. */
function penOf(canvas: Canvas, { columns, rows }: View) {
  const mark = ({ right, up }: CellPlace, text: string, style: string) => {
    const [column, row] = [Math.floor(right), rows - 1 - Math.floor(up)]
    if (column < 0 || column >= columns || row < 0 || row >= rows) return
    canvas.put(row + 1, AXIS_COLUMNS + 1 + column, text, style)
  }
  return { box: canvas.unicode ? BOX : ASCII_BOX, mark }
}
