import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outsideOf } from '../../src/drone/fence.ts'

const FENCE = { radiusM: 500, ceilingM: 120 }
const coordinate = fc.integer({ min: -2147483648, max: 2147483647 })

describe('a fence', () => {
  it.each([
    [0, 0, 0],
    [50_000, 0, 12_000],
    [0, -50_000, 12_000],
    [-30_000, 40_000, 0],
    [0, 0, -2147483648],
  ])('lets the drone go to %i, %i, %i, within it or on it', (x, y, z) => {
    expect(outsideOf(FENCE, x, y, z)).toBeUndefined()
  })

  it.each([
    [50_001, 0, 0],
    [0, -50_001, 0],
    [-30_001, 40_000, 0],
    [2147483647, -2147483648, 0],
  ])('refuses %i, %i, %i, which is too far', (x, y, z) => {
    const away = Math.ceil(Math.hypot(x, y))
    expect(outsideOf(FENCE, x, y, z)).toMatchObject({
      code: 'OUT_OF_FENCE',
      parts: { reason: `The point is ${away} cm from the start, and the fence is at 50000 cm` },
    })
  })

  it.each([12_001, 2147483647])('refuses an altitude of %i, and names Z', (z) => {
    expect(outsideOf(FENCE, 0, 0, z)).toMatchObject({
      code: 'OUT_OF_FENCE',
      parts: { param: 'Z', reason: `The point is ${z} cm up, and the ceiling is at 12000 cm` },
    })
  })

  it('never says of a point outside that it is no farther than the fence', () => {
    expect(outsideOf({ radiusM: 1 }, 71, 71, 0)).toMatchObject({
      parts: { reason: 'The point is 101 cm from the start, and the fence is at 100 cm' },
    })
  })

  it('has no limit where a part is left out', () => {
    fc.assert(fc.property(coordinate, coordinate, coordinate, (x, y, z) => outsideOf({}, x, y, z) === undefined))
    expect(outsideOf({ ceilingM: 1 }, 2147483647, 2147483647, 100)).toBeUndefined()
    expect(outsideOf({ radiusM: 1 }, 0, 100, 2147483647)).toBeUndefined()
  })

  it('is a cylinder: outside is what is farther than its radius, in whole numbers, or above its ceiling', () => {
    const near = fc.integer({ min: -60_000, max: 60_000 })
    const isOutside = (x: number, y: number, z: number) => x * x + y * y > 50_000 ** 2 || z > 12_000
    fc.assert(
      fc.property(near, near, near, (x, y, z) => (outsideOf(FENCE, x, y, z) !== undefined) === isOutside(x, y, z)),
      { numRuns: 2000 },
    )
  })
})
