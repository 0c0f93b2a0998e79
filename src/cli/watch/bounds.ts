/** A point of the plan, in centimetres. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A part of the plan, in centimetres. */
export interface Bounds {
  readonly minX: number
  readonly maxX: number
  readonly minY: number
  readonly maxY: number
}

/** Bounds that hold a point, too. */
export function grown(bounds: Bounds | undefined, { x, y }: Point): Bounds {
  if (bounds === undefined) return { minX: x, maxX: x, minY: y, maxY: y }
  const { minX, maxX, minY, maxY } = bounds
  if (x >= minX && x <= maxX && y >= minY && y <= maxY) return bounds
  return { minX: Math.min(minX, x), maxX: Math.max(maxX, x), minY: Math.min(minY, y), maxY: Math.max(maxY, y) }
}

/** The least that holds all of the points. */
export const boundsOf = (points: readonly Point[]): Bounds | undefined =>
  points.reduce<Bounds | undefined>(grown, undefined)
