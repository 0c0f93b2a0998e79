import { Canvas } from './canvas.ts'
import { compassWord } from './heading.ts'
import { compactRows, type Look, type PanelRow, panelRows } from './panel.ts'
import { drawPlan } from './plan.ts'
import { metres } from './scale.ts'
import type { Scene } from './scene.ts'

export interface FrameOptions {
  readonly columns: number
  readonly rows: number
  readonly color: boolean
  /** Whether colours are taken by their red, green and blue, and not only 256 of them. */
  readonly trueColor?: boolean | undefined
  /** Whether more than ASCII can be shown. */
  readonly unicode?: boolean | undefined
  /** What is to be told of the watching itself, such as that the connection is gone. */
  readonly note?: string | undefined
}

/** Smaller than this there is one line, and no picture. */
const MIN_COLUMNS = 40
const MIN_ROWS = 12
/** From here on the panel is beside the plan. */
const MIN_WIDE_COLUMNS = 62
/** From here on the whole panel is below the plan, where it is below. */
const MIN_TALL_ROWS = 44
const MIN_PANEL_COLUMNS = 30
const MAX_PANEL_COLUMNS = 44
const PANEL_PART = 0.36
const GAP_COLUMNS = 2
/** The last column stays blank: a terminal is never about to wrap. */
const BLANK_COLUMNS = 1

/** The picture of a scene: at most so many lines, none wider than so many columns. */
export function drawFrame(scene: Scene, options: FrameOptions): string[] {
  const { columns, rows, color, trueColor = false, unicode = true, note } = options
  if (columns < 1 || rows < 1) return []
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) return plainLine(scene, columns, unicode, note)
  const look = { color, trueColor, unicode }
  const canvas = new Canvas(columns - BLANK_COLUMNS, rows, unicode)
  const top = note === undefined ? rows : rows - 1
  if (note !== undefined) canvas.putSegments(top, 0, [[note, '1;33']])
  if (columns >= MIN_WIDE_COLUMNS) drawBeside(canvas, scene, top, look)
  else drawBelow(canvas, scene, top, look)
  return canvas.lines(color)
}

function drawBeside(canvas: Canvas, scene: Scene, rows: number, look: Look): void {
  const wanted = Math.round(canvas.columns * PANEL_PART)
  const columns = Math.min(MAX_PANEL_COLUMNS, Math.max(MIN_PANEL_COLUMNS, wanted))
  const left = canvas.columns - columns
  drawPlan(canvas, scene, { columns: left - GAP_COLUMNS, rows })
  drawRows(canvas, fitting(panelRows(scene, columns, look), rows), 0, left)
}

function drawBelow(canvas: Canvas, scene: Scene, rows: number, look: Look): void {
  const panel = rows < MIN_TALL_ROWS ? compactRows(scene, look) : panelRows(scene, canvas.columns, look)
  const top = rows - panel.length
  drawPlan(canvas, scene, { columns: canvas.columns, rows: top })
  drawRows(canvas, panel, top, 0)
}

function drawRows(canvas: Canvas, panel: readonly PanelRow[], top: number, left: number): void {
  for (const [index, { segments }] of panel.entries()) canvas.putSegments(top + index, left, segments)
}

/** As many rows as there is room for, in their order, without those that matter least. */
function fitting(panel: readonly PanelRow[], rows: number): readonly PanelRow[] {
  if (panel.length <= rows) return panel
  const kept = new Set([...panel].sort((one, other) => one.rank - other.rank).slice(0, rows))
  return panel.filter((row) => kept.has(row))
}

function plainLine(scene: Scene, columns: number, unicode: boolean, note: string | undefined): string[] {
  const canvas = new Canvas(columns, 1, unicode)
  canvas.putSegments(0, 0, [[note ?? summaryOf(scene)]])
  return canvas.lines(false)
}

function summaryOf({ telemetry, link }: Scene): string {
  if (telemetry === undefined) return 'waiting for telemetry'
  const { state, x, y, z, heading, battery } = telemetry
  const lost = link === 'lost' ? 'LINK LOST ' : ''
  return `${lost}${state} ${[x, y, z].map(metres).join(' ')} m ${battery}% ${compassWord(heading)}`
}
