import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centimetres, degrees, metres, percent } from '../../src/drone/units.ts'

const INT32 = [-2147483648, 2147483647] as const
const i32 = fc.integer({ min: INT32[0], max: INT32[1] })

describe('metres and centimetres', () => {
  it.each([...INT32, 0, 1, -1, 29, 57, 58, 100, 115, 1001, 33_554_433])('bring %i cm back as they were', (cm) => {
    expect(centimetres(metres(cm))).toBe(cm)
  })

  it('bring every coordinate of the wire back as it was', () => {
    fc.assert(
      fc.property(i32, (cm) => centimetres(metres(cm)) === cm),
      { numRuns: 20_000 },
    )
  })

  it('bring back every whole number of centimetres within a kilometre', () => {
    for (let cm = -100_000; cm <= 100_000; cm++) if (centimetres(metres(cm)) !== cm) expect.unreachable(`${cm} cm`)
  })

  it('keep the order of two points', () => {
    fc.assert(fc.property(i32, i32, (a, b) => Math.sign(metres(a) - metres(b)) === Math.sign(a - b)))
  })

  it.each([
    [1.234, 123],
    [1.235001, 124],
    [-1.236, -124],
    [0.004, 0],
  ])('round %f m to the nearest, %i cm', (m, cm) => expect(centimetres(m)).toBe(cm))
})

describe('degrees', () => {
  it('bring every whole degree back as it was, whichever turn it is told in', () => {
    for (let degree = 0; degree < 360; degree++) {
      const rad = (degree / 180) * Math.PI
      expect(degrees(rad)).toBe(degree)
      expect(degrees(degree > 180 ? rad - 2 * Math.PI : rad)).toBe(degree)
    }
  })

  it('are 0..359 for every direction that there is', () => {
    const direction = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })
    fc.assert(
      fc.property(direction, (rad) => Number.isInteger(degrees(rad)) && degrees(rad) >= 0 && degrees(rad) < 360),
    )
  })

  it.each([
    [-0.001, 0],
    [2 * Math.PI - 0.001, 0],
    [-Math.PI, 180],
    [Math.PI, 180],
  ])('turn %f rad into %i', (rad, degree) => expect(degrees(rad)).toBe(degree))
})

it('a fraction of the battery is told in whole percent', () => {
  for (let hundredth = 0; hundredth <= 100; hundredth++) expect(percent(hundredth / 100)).toBe(hundredth)
})
