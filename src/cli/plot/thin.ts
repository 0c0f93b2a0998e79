/** A point of the picture, in px. */
export type Dot = readonly [x: number, y: number]

/** So far a point may lie from the line that is drawn without it, in px: a quarter of a pixel is not to be seen. */
export const TOLERANCE_PX = 0.25
/** Points that are looked at together, so that the worst track costs no more than this many comparisons a point. */
const RUN = 1024
/** How many points stand for a bucket: its first and last, and the least and greatest on both axes. */
const PER_BUCKET = 6

/**
 * Leaves out points of a line that do not change the picture: Ramer, Douglas and Peucker's way. Where more than `most`
 * remain (a scribble, whose lines cover each other), they are put into buckets by their order, and of each bucket only
 * the first, the last and the outermost stay. The first, the last and the outermost of all stay in any case.
 */
export function thin(dots: readonly Dot[], most: number): readonly Dot[] {
  const kept = simplify(dots)
  if (kept.length <= most) return kept
  const size = Math.ceil(kept.length / Math.max(1, Math.floor(most / PER_BUCKET)))
  const buckets = Array.from({ length: Math.ceil(kept.length / size) }, (_, index) =>
    kept.slice(index * size, (index + 1) * size),
  )
  return buckets.flatMap((bucket) => corners(bucket).map((index) => bucket[index] as Dot))
}

function simplify(dots: readonly Dot[]): readonly Dot[] {
  const fixed = new Set(corners(dots))
  for (let index = RUN; index < dots.length; index += RUN) fixed.add(index)
  const stays = new Uint8Array(dots.length)
  const ends = [...fixed].sort((one, other) => one - other)
  for (const end of ends) stays[end] = 1
  const open = ends.slice(1).map((end, index) => [ends[index] as number, end] as const)
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part
    const farthest = farthestBetween(dots, from, to)
    if (farthest < 0) continue
    stays[farthest] = 1
    open.push([from, farthest], [farthest, to])
  }
  return dots.filter((_, index) => stays[index] === 1)
}

/** The dot between two others that lies farthest from the line between them; -1 where all are near enough. */
function farthestBetween(dots: readonly Dot[], from: number, to: number): number {
  const [startX, startY] = dots[from] as Dot
  const [endX, endY] = dots[to] as Dot
  const [alongX, alongY] = [endX - startX, endY - startY]
  const lengthSquared = alongX * alongX + alongY * alongY
  let farthest = -1
  let most = TOLERANCE_PX * TOLERANCE_PX
  for (let index = from + 1; index < to; index++) {
    const [x, y] = dots[index] as Dot
    // Beyond an end of the line it is the distance from that end that counts: a track may turn back on itself.
    const share = lengthSquared === 0 ? 0 : ((x - startX) * alongX + (y - startY) * alongY) / lengthSquared
    const near = Math.min(1, Math.max(0, share))
    const [offX, offY] = [x - startX - near * alongX, y - startY - near * alongY]
    const distance = offX * offX + offY * offY
    if (distance <= most) continue
    most = distance
    farthest = index
  }
  return farthest
}

/** The first, the last, and the outermost on both axes, in their order. */
function corners(dots: readonly Dot[]): number[] {
  if (dots.length === 0) return []
  let [left, right, top, bottom] = [0, 0, 0, 0]
  for (let index = 1; index < dots.length; index++) {
    const [x, y] = dots[index] as Dot
    if (x < (dots[left] as Dot)[0]) left = index
    if (x > (dots[right] as Dot)[0]) right = index
    if (y < (dots[top] as Dot)[1]) top = index
    if (y > (dots[bottom] as Dot)[1]) bottom = index
  }
  const indexes = new Set([0, left, right, top, bottom, dots.length - 1])
  return [...indexes].sort((one, other) => one - other)
}
