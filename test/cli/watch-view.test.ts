import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Bounds, boundsOf, grown, type Point } from '../../src/cli/watch/bounds.ts'
import { shortMetres } from '../../src/cli/watch/scale.ts'
import { placeIn, ticksAcross, ticksAlong, viewOf } from '../../src/cli/watch/view.ts'

const coordinate = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -90_000, max: 90_000 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
)
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1, maxLength: 20 })
const size = { columns: fc.integer({ min: 10, max: 200 }), rows: fc.integer({ min: 3, max: 60 }) }

it('shows every point that is within the bounds', () => {
  const property = fc.property(points, size.columns, size.rows, (all, columns, rows) => {
    const view = viewOf(boundsOf(all), columns, rows)
    for (const { right, up } of all.map((point) => placeIn(view, point))) {
      expect(right >= 0 && right < columns && up >= 0 && up < rows).toBe(true)
    }
  })
  fc.assert(property, { numRuns: 1000 })
})

it('never comes nearer while the bounds grow', () => {
  const property = fc.property(points, size.columns, size.rows, (all, columns, rows) => {
    let bounds: Bounds | undefined
    let last = 0
    for (const point of all) {
      bounds = grown(bounds, point)
      const { columnCm } = viewOf(bounds, columns, rows)
      expect(columnCm).toBeGreaterThanOrEqual(last)
      last = columnCm
    }
  })
  fc.assert(property, { numRuns: 1000 })
})

it('stays as it is while the drone flies on by a little', () => {
  const views = Array.from({ length: 200 }, (_, x) => viewOf({ minX: 0, maxX: 400 + x, minY: 0, maxY: 300 }, 39, 21))
  expect(new Set(views.map((view) => JSON.stringify(view))).size).toBeLessThanOrEqual(5)
})

it('has the same scale both ways, for cells twice as high as wide', () => {
  const view = viewOf({ minX: -100, maxX: 900, minY: 0, maxY: 500 }, 60, 20)
  const from = placeIn(view, { x: 0, y: 0 })
  const to = placeIn(view, { x: 400, y: 400 })
  expect(to.right - from.right).toBeCloseTo(2 * (to.up - from.up))
})

it('has ticks at steps of 1, 2, 5, each in the cell of the place that it names', () => {
  const property = fc.property(points, size.columns, size.rows, (all, columns, rows) => {
    const view = viewOf(boundsOf(all), columns, rows)
    expect(view.tickCm / 10 ** Math.floor(Math.log10(view.tickCm))).toBeOneOf([1, 2, 5])
    const at = (point: Point) => placeIn(view, point)
    for (const { cell, cm } of ticksAcross(view)) expect(Math.floor(at({ x: cm, y: 0 }).right + 1e-6)).toBe(cell)
    for (const { cell, cm } of ticksAlong(view)) expect(Math.floor(at({ x: 0, y: cm }).up + 1e-6)).toBe(cell)
    for (const { cell } of ticksAcross(view)) expect(cell >= 0 && cell < columns).toBe(true)
    for (const { cell } of ticksAlong(view)) expect(cell >= 0 && cell < rows).toBe(true)
    if (columns >= 30) expect(ticksAcross(view).length).toBeGreaterThan(0)
  })
  fc.assert(property, { numRuns: 1000 })
})

it.each([
  [0, '0'],
  [-0, '0'],
  [5, '0.05'],
  [-150, '-1.5'],
  [20_000, '200'],
  [1_250_000, '12.5k'],
  [-200_000_000, '-2M'],
])('labels %d cm as %s', (cm, label) => {
  expect(shortMetres(cm)).toBe(label)
})
