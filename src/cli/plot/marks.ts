import type { TrackMark } from './track.ts'
import { escapeXml, fitted } from './xml.ts'

const CM_PER_M = 100
/** The most marks of one kind that are drawn in one field. */
const MAX_MARKS = 200
const FONT_PX = 12
const MAX_TITLE_PX = 480

/** What a pointer that rests on a mark is shown, as XML. */
export function titleOf({ label, x, y, z }: TrackMark): string {
  const place = [x, y, ...(z === undefined ? [] : [z])].map((cm) => cm / CM_PER_M).join(', ')
  return escapeXml(fitted(`${label} (${place} m)`, FONT_PX, MAX_TITLE_PX))
}

/** No more than `most` of these: one in each cell of a grid, which is as fine as that allows. */
export function sparse<T extends { readonly x: number; readonly y: number }>(all: readonly T[], most = MAX_MARKS): T[] {
  for (let cell = 1; ; cell *= 2) {
    const cells = new Map<string, T>()
    for (const one of all) {
      const key = `${Math.floor(one.x / cell)},${Math.floor(one.y / cell)}`
      if (!cells.has(key)) cells.set(key, one)
    }
    if (cells.size <= most) return [...cells.values()]
  }
}
