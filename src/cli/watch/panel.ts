import { barOf } from './bar.ts'
import type { Segment } from './canvas.ts'
import type { Telemetry } from './event.ts'
import { compassWord } from './heading.ts'
import { operationRow } from './operation-row.ts'
import { metres, niceStep, shortMetres } from './scale.ts'
import { MAX_OPERATIONS, type Scene } from './scene.ts'
import { backgroundOf, hexOf, STYLE } from './styles.ts'
import { inTwoRows } from './two-rows.ts'

export interface Look {
  readonly color: boolean
  readonly unicode: boolean
  readonly trueColor: boolean
}

/** A row of the panel. The higher its rank, the sooner it is left out where rows are few. */
export interface PanelRow {
  readonly rank: number
  readonly segments: readonly Segment[]
}

const LABEL_COLUMNS = 9
/** Beside a bar: a blank, and what it says. */
const VALUE_COLUMNS = 7
const NUMBER_COLUMNS = 9
const SWATCH_COLUMNS = 6
/** The least that a full altitude bar stands for. */
const MIN_TOP_CM = 200
const MAX_BATTERY = 100
const FAIR_BATTERY = 50
const BAD_BATTERY = 20
const NOTHING = '-'
/** The time of day in ISO 8601. */
const TIME_OF_DAY = /T(\d\d:\d\d:\d\d)/
const STATE_STYLES: ReadonlyMap<string, string> = new Map([
  ['landed', STYLE.dim],
  ['hovering', STYLE.good],
  ['moving', STYLE.drone],
])

/** All that there is to tell, for a panel of so many columns beside the plan. */
export function panelRows(scene: Scene, columns: number, look: Look): readonly PanelRow[] {
  const { telemetry } = scene
  const row = (rank: number, label: string, ...segments: Segment[]): PanelRow => ({
    rank,
    segments: [[label.padEnd(LABEL_COLUMNS), STYLE.dim], ...segments],
  })
  const blank = (rank: number): PanelRow => ({ rank, segments: [] })
  const text = inTwoRows(telemetry?.text ?? NOTHING, columns - LABEL_COLUMNS, look.unicode)
  const bar = Math.max(0, columns - LABEL_COLUMNS - VALUE_COLUMNS)
  const operations = Array.from({ length: MAX_OPERATIONS }, (_, index) => scene.operations.at(-1 - index))
  return [
    row(3, 'Drone', [telemetry?.drone ?? NOTHING, STYLE.bold]),
    row(1, 'State', stateOf(telemetry)),
    row(7, 'Time', [timeOf(scene)]),
    blank(11),
    ...(['x', 'y', 'z'] as const).map((axis) => row(1, axis.toUpperCase(), [lengthOf(telemetry?.[axis])])),
    row(3, 'Heading', [headingOf(telemetry, look)]),
    blank(11),
    row(5, 'Altitude', ...altitudeOf(scene, bar, look)),
    row(2, 'Battery', ...batteryOf(telemetry, bar, look)),
    row(4, 'Colour', ...swatchOf(telemetry, look)),
    ...text.map((part, index) => row(index === 0 ? 4 : 10, index === 0 ? 'Text' : '', [part])),
    blank(11),
    ...operations.map((operation, index) => ({
      rank: index === 0 ? 2 : 5 + index,
      segments: operation === undefined ? [] : operationRow(operation, look.unicode),
    })),
    blank(11),
    row(2, 'Link', linkOf(scene)),
    row(6, 'Dropped', droppedOf(scene)),
  ]
}

/** The same in five rows, below the plan. */
export function compactRows(scene: Scene, look: Look): readonly PanelRow[] {
  const { telemetry } = scene
  const place = (['x', 'y', 'z'] as const).map((axis) => `${axis.toUpperCase()} ${metresOf(telemetry?.[axis])}`)
  const last = scene.operations.at(-1)
  const gap: Segment = ['  ']
  const dropped: Segment[] = scene.dropped === 0 ? [] : [gap, [`${scene.dropped} dropped`, STYLE.fair]]
  const battery: Segment = [
    telemetry === undefined ? NOTHING : `${telemetry.battery}%`,
    batteryStyle(telemetry?.battery ?? MAX_BATTERY),
  ]
  const rows: readonly (readonly Segment[])[] = [
    [stateOf(telemetry), gap, [headingOf(telemetry, look)], gap, [telemetry?.drone ?? NOTHING, STYLE.bold]],
    [[`${place.join('  ')} m`], ...dropped],
    [
      battery,
      gap,
      ...swatchOf(telemetry, look).slice(0, 1),
      gap,
      ['link ', STYLE.dim],
      linkOf(scene),
      gap,
      [timeOf(scene)],
    ],
    last === undefined ? [['no operation yet', STYLE.dim]] : operationRow(last, look.unicode),
    [['Text ', STYLE.dim], [telemetry?.text ?? NOTHING]],
  ]
  return rows.map((segments, rank) => ({ rank, segments }))
}

const metresOf = (cm: number | undefined): string => (cm === undefined ? NOTHING : metres(cm))

const lengthOf = (cm: number | undefined): string =>
  cm === undefined ? NOTHING : `${metres(cm).padStart(NUMBER_COLUMNS)} m`

const stateOf = (telemetry: Telemetry | undefined): Segment =>
  telemetry === undefined ? [NOTHING] : [telemetry.state, STATE_STYLES.get(telemetry.state) ?? STYLE.plain]

const headingOf = (telemetry: Telemetry | undefined, { unicode }: Look): string =>
  telemetry === undefined ? NOTHING : `${telemetry.heading}${unicode ? '°' : ' deg'} ${compassWord(telemetry.heading)}`

const timeOf = ({ time }: Scene): string => (time === undefined ? NOTHING : `${TIME_OF_DAY.exec(time)?.[1] ?? '?'} UTC`)

const linkOf = ({ link }: Scene): Segment => (link === 'lost' ? ['LOST', STYLE.bad] : ['up', STYLE.good])

const droppedOf = ({ dropped }: Scene): Segment =>
  dropped === 0 ? ['none'] : [`${dropped} event${dropped === 1 ? '' : 's'}`, STYLE.fair]

function altitudeOf(scene: Scene, columns: number, { unicode }: Look): readonly Segment[] {
  const topCm = niceStep(Math.max(scene.topCm, MIN_TOP_CM))
  return [
    ...barOf((scene.telemetry?.z ?? 0) / topCm, columns, STYLE.bar, unicode),
    [` ${shortMetres(topCm)} m`.padStart(VALUE_COLUMNS), STYLE.dim],
  ]
}

function batteryOf(telemetry: Telemetry | undefined, columns: number, { unicode }: Look): readonly Segment[] {
  if (telemetry === undefined) return [[NOTHING]]
  const { battery } = telemetry
  return [
    ...barOf(battery / MAX_BATTERY, columns, batteryStyle(battery), unicode),
    [` ${battery} %`.padStart(VALUE_COLUMNS)],
  ]
}

const batteryStyle = (percent: number): string => {
  if (percent > FAIR_BATTERY) return STYLE.good
  return percent > BAD_BATTERY ? STYLE.fair : STYLE.bad
}

function swatchOf(telemetry: Telemetry | undefined, { color, trueColor }: Look): readonly Segment[] {
  if (telemetry === undefined) return [[NOTHING]]
  if (!color) return [[hexOf(telemetry)]]
  return [[' '.repeat(SWATCH_COLUMNS), backgroundOf(telemetry, trueColor)], [` ${hexOf(telemetry)}`]]
}
