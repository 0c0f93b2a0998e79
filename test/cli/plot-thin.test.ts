import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Dot, TOLERANCE_PX, thin } from '../../src/cli/plot/thin.ts'

const RUNS = 300
const UNBOUNDED = Number.POSITIVE_INFINITY

const coordinate = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 900, noNaN: true }))
const dots = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 200 })
/** One whose points lie as close as a flight's. */
const walk = fc
  .array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 3000,
  })
  .map((steps) => {
    let [x, y] = [0, 0]
    return steps.map(([right, up]): Dot => {
      x += right
      y += up
      return [x, y]
    })
  })

const boundsOf = (line: readonly Dot[]) => {
  const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)]
  return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
}

/** How far a dot is from a line of straight legs, looked for along each leg at many places. */
function distanceFrom(line: readonly Dot[], [x, y]: Dot): number {
  let least = Number.POSITIVE_INFINITY
  for (const [index, [toX, toY]] of line.entries()) {
    const [fromX, fromY] = line[index - 1] ?? [toX, toY]
    // Ternary search: along a straight leg the distance falls, then rises.
    let [low, high] = [0, 1]
    const at = (share: number) => Math.hypot(fromX + (toX - fromX) * share - x, fromY + (toY - fromY) * share - y)
    for (let step = 0; step < 60; step++) {
      const [first, second] = [low + (high - low) / 3, high - (high - low) / 3]
      if (at(first) < at(second)) high = second
      else low = first
    }
    least = Math.min(least, at(low))
  }
  return least
}

/** Whether one line is the other with points left out. */
function isPartOf(part: readonly Dot[], whole: readonly Dot[]): boolean {
  let at = 0
  for (const dot of whole) if (part[at] === dot) at++
  return at === part.length
}

describe('thin', () => {
  it.each([
    ['any points', dots],
    ['a walk', walk],
  ])('keeps the first, the last and the bounds of %s, within its number, and adds nothing', (_, lines) => {
    const property = fc.property(lines, fc.integer({ min: 6, max: 100 }), (line, most) => {
      const kept = thin(line, most)
      expect(kept[0]).toBe(line[0])
      expect(kept.at(-1)).toBe(line.at(-1))
      expect(boundsOf(kept)).toEqual(boundsOf(line))
      expect(kept.length).toBeLessThanOrEqual(most)
      expect(isPartOf(kept, line)).toBe(true)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('leaves out nothing that is to be seen, where it need not', () => {
    const property = fc.property(dots, (line) => {
      const kept = thin(line, UNBOUNDED)
      const farthest = Math.max(...line.map((dot) => distanceFrom(kept, dot)))
      expect(farthest).toBeLessThanOrEqual(TOLERANCE_PX + 1e-6)
    })
    fc.assert(property, { numRuns: 100 })
  })

  it('makes two points of a straight line, and keeps where it turns back on itself', () => {
    const there = Array.from({ length: 100 }, (_, index): Dot => [index, 5])
    expect(thin(there, UNBOUNDED)).toEqual([
      [0, 5],
      [99, 5],
    ])
    const back: Dot[] = [...there, [20, 5]]
    expect(thin(back, UNBOUNDED)).toEqual([
      [0, 5],
      [99, 5],
      [20, 5],
    ])
  })

  it('takes the worst line there is, in which every point stays, without a comparison of each with each', () => {
    const zigzag = Array.from({ length: 200_000 }, (_, index): Dot => [index % 2 === 0 ? index / 1e3 : 800, index % 7])
    expect(thin(zigzag, 1000).length).toBeLessThanOrEqual(1000)
  })

  it('takes no points', () => {
    expect(thin([], 10)).toEqual([])
  })
})
