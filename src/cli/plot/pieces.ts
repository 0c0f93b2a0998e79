import { MAX_GAP_MS } from './read-track.ts'
import type { TrackPoint } from './track.ts'

/** A part of the track that is drawn as one line: its points from `from` to `to`, both among them. */
export interface Piece {
  readonly from: number
  readonly to: number
  /** Seen by telemetry all the way; what only replies tell is drawn dashed. */
  readonly isSeen: boolean
  readonly color: string | undefined
}

/** More pieces than this are no picture: first the colors go, then the dashes. */
export const MAX_PIECES = 200

/** Cuts a track where it changes its color, or where telemetry begins or ends. */
export function cutPieces(points: readonly TrackPoint[]): readonly Piece[] {
  const pieces = cut(points, true)
  if (pieces.length <= MAX_PIECES) return pieces
  const plain = cut(points, false)
  if (plain.length <= MAX_PIECES) return plain
  const seen = plain.reduce((count, { from, to, isSeen }) => count + (isSeen ? to - from : 0), 0)
  return [{ from: 0, to: points.length - 1, isSeen: seen * 2 >= points.length, color: undefined }]
}

function cut(points: readonly TrackPoint[], hasColor: boolean): Piece[] {
  const pieces: Piece[] = []
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before === undefined) continue
    const isSeen = isSeenBetween(before, point)
    const color = hasColor ? point.color : undefined
    const last = pieces.at(-1)
    const goesOn = last !== undefined && last.isSeen === isSeen && last.color === color
    if (goesOn) pieces[pieces.length - 1] = { ...last, to: index }
    else pieces.push({ from: index - 1, to: index, isSeen, color })
  }
  return pieces
}

/** Whether telemetry tells how it came from one point to the next: it does not across a long silence. */
function isSeenBetween(before: TrackPoint, point: TrackPoint): boolean {
  if (!before.isTelemetry || !point.isTelemetry) return false
  return Math.abs((point.uptimeMs ?? 0) - (before.uptimeMs ?? 0)) <= MAX_GAP_MS
}
