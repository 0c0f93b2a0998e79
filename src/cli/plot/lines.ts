import type { Piece } from './pieces.ts'
import { type Dot, thin } from './thin.ts'
import { px } from './xml.ts'

/** The most points of all lines of one field together. */
export const MAX_DOTS = 3000
/** What each piece may have, however short its part of the track is. */
const LEAST_DOTS = 6

/** Draws the pieces of a track, with so few points as show the same. `place` tells where a point is, in px, if at all. */
export function drawPieces(pieces: readonly Piece[], place: (index: number) => Dot | undefined): string {
  const total = pieces.reduce((sum, { from, to }) => sum + to - from, 0)
  const lines = pieces.flatMap((piece) => {
    const share = Math.floor((MAX_DOTS * (piece.to - piece.from)) / total)
    const dots = thin(dotsOf(piece, place), Math.max(LEAST_DOTS, share))
    return dots.length < 2 ? [] : [{ piece, dots: dots.map(([x, y]) => `${px(x)},${px(y)}`).join(' ') }]
  })
  // A light on light paper is to be seen, too: what has a color of its own gets a darker edge.
  const halos = lines
    .filter(({ piece }) => piece.color !== undefined && piece.isSeen)
    .map(({ dots }) => `<polyline class="halo" points="${dots}"/>\n`)
  const tracks = lines.map(({ piece: { isSeen, color }, dots }) => {
    const style = color === undefined ? '' : ` style="stroke:${color}"`
    return `<polyline class="track${isSeen ? '' : ' told'}"${style} points="${dots}"/>\n`
  })
  return [...halos, ...tracks].join('')
}

/** The points of a piece, but for those that stand where the one before does. */
function dotsOf({ from, to }: Piece, place: (index: number) => Dot | undefined): Dot[] {
  const dots: Dot[] = []
  for (let index = from; index <= to; index++) {
    const dot = place(index)
    const last = dots.at(-1)
    if (dot === undefined || (last !== undefined && last[0] === dot[0] && last[1] === dot[1])) continue
    dots.push(dot)
  }
  return dots
}
