import { boundsOf, type Point } from './bounds.ts'

export const MAX_TRACK_POINTS = 4000
/** How far the track may be off what was flown, to begin with: positions come in whole centimetres. */
const TOLERANCE_CM = 2
/** In so many parts of the whole track the tolerance is less than can be seen on a terminal. */
const FINEST_PARTS = 256

/**
 * Where the drone was. A straight leg is its two ends, however often its position came on the way; and when the points
 * become too many, all are thinned to twice the tolerance, or, where that could be seen, the older half is forgotten.
 */
export class Track {
  #toleranceCm = TOLERANCE_CM
  #points: Point[] = []
  #last: Point | undefined
  #leg: Leg | undefined

  take({ x, y }: Point): void {
    this.#add({ x, y })
    while (this.#points.length >= MAX_TRACK_POINTS) this.#thin()
  }

  /** The corners, oldest first; the last is where the drone is. */
  get points(): readonly Point[] {
    return this.#last === undefined ? this.#points : [...this.#points, this.#last]
  }

  #add(point: Point): void {
    if (this.#leg === undefined) this.#begin(point)
    else if (this.#last !== undefined && !this.#leg.admits(point)) this.#begin(this.#last)
    this.#leg?.narrow(point)
    this.#last = point
  }

  #begin(corner: Point): void {
    this.#points.push(corner)
    this.#leg = new Leg(corner, this.#toleranceCm)
  }

  #thin(): void {
    const all = this.points
    const isCoarse = this.#toleranceCm * FINEST_PARTS > spanOf(all)
    const points = isCoarse ? all.slice(MAX_TRACK_POINTS / 2) : all
    if (!isCoarse) this.#toleranceCm *= 2
    this.#points = []
    this.#leg = undefined
    for (const point of points) this.#add(point)
  }
}

function spanOf(points: readonly Point[]): number {
  const { minX, maxX, minY, maxY } = boundsOf(points) ?? { minX: 0, maxX: 0, minY: 0, maxY: 0 }
  return Math.max(maxX - minX, maxY - minY)
}

/** The directions from a corner in which a straight line passes all points since by no more than the tolerance. */
class Leg {
  readonly #corner: Point
  readonly #toleranceCm: number
  #farthestCm = 0
  #direction: number | undefined
  #left = Number.NEGATIVE_INFINITY
  #right = Number.POSITIVE_INFINITY

  constructor(corner: Point, toleranceCm: number) {
    this.#corner = corner
    this.#toleranceCm = toleranceCm
  }

  /** Whether a line from the corner to a point still passes all that came before. */
  admits(point: Point): boolean {
    const { distanceCm, turn } = this.#look(point)
    if (distanceCm <= this.#toleranceCm) return this.#farthestCm === 0
    const turnsBack = distanceCm < this.#farthestCm - this.#toleranceCm / 2
    return !turnsBack && turn >= this.#left && turn <= this.#right
  }

  narrow(point: Point): void {
    const { distanceCm, bearing, turn } = this.#look(point)
    if (distanceCm <= this.#toleranceCm) return
    this.#direction ??= bearing
    const slack = Math.asin(this.#toleranceCm / distanceCm)
    this.#left = Math.max(this.#left, turn - slack)
    this.#right = Math.min(this.#right, turn + slack)
    this.#farthestCm = Math.max(this.#farthestCm, distanceCm)
  }

  #look({ x, y }: Point) {
    const [dx, dy] = [x - this.#corner.x, y - this.#corner.y]
    const bearing = Math.atan2(dy, dx)
    const turn = bearing - (this.#direction ?? bearing)
    return { distanceCm: Math.hypot(dx, dy), bearing, turn: Math.atan2(Math.sin(turn), Math.cos(turn)) }
  }
}
