import { drawLegend } from './legend.ts'
import { cutPieces } from './pieces.ts'
import { drawPlan } from './plan.ts'
import { formatNumber, rangeOf } from './scale.ts'
import { drawStrip, elapsedSeconds } from './strip.ts'
import { STYLE } from './style.ts'
import { symbolDefinitions } from './symbols.ts'
import type { TrackMark, TrackPoint } from './track.ts'
import { escapeXml, fitted, px } from './xml.ts'

// All in px.
const WIDTH = 960
const LEFT = 92
const RIGHT = WIDTH - 32
const TITLE_Y = 40
const TITLE_FONT = 20
const FACTS_Y = 62
const LEGEND_Y = 88
/** From one part of the picture to the next. */
const GAP = 36
const AXIS_HEIGHT = 36
const STRIP_HEIGHT = 110
const MARGIN = 16

const CM_PER_M = 100
const CM_PER_KM = 100_000
/** Flights from here on are told in kilometres. */
const LONG_CM = 10 * CM_PER_KM

/**
 * Draws a track as an SVG file: from above, with what became of the operations, and below that the altitude. However
 * many points and marks there are, and whatever they are called, it has less than 1 MB.
 */
export function drawTrack(points: readonly TrackPoint[], marks: readonly TrackMark[], title = 'Track'): string {
  const pieces = cutPieces(points)
  const legend = drawLegend(pieces, marks, { left: LEFT, top: LEGEND_Y, right: RIGHT })
  const plan = drawPlan(points, marks, pieces, { left: LEFT, top: legend.bottom + GAP, right: RIGHT })
  const stripTop = plan.bottom + AXIS_HEIGHT + GAP
  const box = { left: LEFT, top: stripTop, right: RIGHT, bottom: stripTop + STRIP_HEIGHT }
  const hasAltitude = points.some(({ z }) => z !== undefined)
  const height = (hasAltitude ? box.bottom : plan.bottom) + AXIS_HEIGHT + MARGIN
  const heading = escapeXml(fitted(title, TITLE_FONT, RIGHT - LEFT))
  const facts = describe(points)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" role="img">\n`,
    `<title>${heading}</title>\n<desc>${facts}</desc>\n${STYLE}${symbolDefinitions()}`,
    `<rect class="paper" width="${WIDTH}" height="${px(height)}"/>\n`,
    `<text class="title" x="${LEFT}" y="${TITLE_Y}">${heading}</text>\n`,
    `<text x="${LEFT}" y="${FACTS_Y}">${facts}</text>\n`,
    legend.svg,
    plan.svg,
    hasAltitude ? drawStrip(points, marks, pieces, box) : '',
    '</svg>\n',
  ].join('')
}

/** How many points, how far, how long and how high. */
function describe(points: readonly TrackPoint[]): string {
  let lengthCm = 0
  for (const [index, { x, y, z }] of points.entries()) {
    const before = points[index - 1]
    if (before !== undefined) lengthCm += Math.hypot(x - before.x, y - before.y, (z ?? 0) - (before.z ?? z ?? 0))
  }
  const seconds = elapsedSeconds(points).at(-1) ?? 0
  const highest = rangeOf(points.flatMap(({ z }) => z ?? []))?.[1]
  return [
    `${formatNumber(points.length)} ${points.length === 1 ? 'point' : 'points'}`,
    `${formatLength(lengthCm)} of track`,
    ...(seconds > 0 ? [formatDuration(seconds)] : []),
    ...(highest === undefined ? [] : [`highest at ${formatLength(highest)}`]),
  ].join(' · ')
}

const formatLength = (cm: number): string =>
  Math.abs(cm) < LONG_CM ? `${formatNumber(cm / CM_PER_M, 0.1)} m` : `${formatNumber(cm / CM_PER_KM)} km`

function formatDuration(seconds: number): string {
  if (seconds < 60) return `${formatNumber(seconds, 0.1)} s`
  const minutes = Math.floor(seconds / 60)
  return `${formatNumber(minutes)} min ${Math.floor(seconds % 60)} s`
}
