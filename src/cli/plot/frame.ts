import { formatNumber, multiples, type Scale } from './scale.ts'
import { escapeXml, px } from './xml.ts'

/** A rectangle of the picture, in px. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** One axis: its scale, the step between its grid lines, and what stands beside it. */
export interface Axis {
  readonly scale: Scale
  readonly step: number
  readonly caption: string
}

const LABEL_GAP = 8
/** From the foot of a line of text to about its middle. */
const TEXT_MIDDLE = 4
const LINE_PX = 16

/** A field with its grid and labels, to be drawn upon. */
export function drawFrame(box: Box, across: Axis, up: Axis): string {
  const { left, top, right, bottom } = box
  const columns = ticksOf(across)
  const rows = ticksOf(up)
  const rectangle = `x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}"`
  return [
    `<rect class="field" ${rectangle}/>\n`,
    ...columns.map(({ at, value }) => `<path class="${gridClass(value)}" d="M${px(at)} ${px(top)}V${px(bottom)}"/>\n`),
    ...rows.map(({ at, value }) => `<path class="${gridClass(value)}" d="M${px(left)} ${px(at)}H${px(right)}"/>\n`),
    `<rect class="frame" ${rectangle}/>\n`,
    ...columns.map(({ at, label }) => text('middle', at, bottom + LINE_PX, label)),
    ...rows.map(({ at, label }) => text('right', left - LABEL_GAP, at + TEXT_MIDDLE, label)),
    text('right', right, bottom + LINE_PX * 2, across.caption),
    text('', left, top - LABEL_GAP, up.caption),
  ].join('')
}

const ticksOf = ({ scale, step }: Axis): { at: number; value: number; label: string }[] =>
  multiples(step, scale.from, scale.to).map((value) => {
    return { at: scale.map(value), value, label: formatNumber(value, step) }
  })

const gridClass = (value: number): string => (value === 0 ? 'zero' : 'grid')

const text = (className: string, x: number, y: number, words: string): string =>
  `<text${className === '' ? '' : ` class="${className}"`} x="${px(x)}" y="${px(y)}">${escapeXml(words)}</text>\n`
