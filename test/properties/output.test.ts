import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Output } from '../../src/wire/output.ts'

const RUNS = 5000
const INT32_BOUND = 2 ** 31

const integers: readonly [what: string, value: fc.Arbitrary<number>][] = [
  ['safe integers', fc.maxSafeInteger()],
  ['integers of 32 bits', fc.integer()],
  ['small integers', fc.integer({ min: -1100, max: 1100 })],
  ['powers of ten and their neighbours', powerNeighbour(10, 15)],
  ['powers of two and their neighbours', powerNeighbour(2, 52)],
  ['integers about the bound of 32 bits', fc.integer({ min: -5, max: 5 }).map((by) => INT32_BOUND + by)],
]

function powerNeighbour(base: number, maxExponent: number): fc.Arbitrary<number> {
  const [exponent, by, sign] = [fc.nat({ max: maxExponent }), fc.integer({ min: -1, max: 1 }), fc.constantFrom(1, -1)]
  return fc.tuple(exponent, by, sign).map(([power, neighbour, s]) => s * (base ** power + neighbour))
}

describe('Output', () => {
  it.each(integers)('writes %s as String does', (_, value) => {
    const output = new Output()
    const property = fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
      for (const each of values) output.integer(each)
      expect(Buffer.from(output.take()).toString()).toBe(values.map(String).join(''))
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('writes any text as UTF-8, or throws where no field can hold it (R4)', () => {
    const text = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 2 }), fc.constantFrom('\r', '\n', '\0', '\t')),
    })
    const output = new Output()
    const property = fc.property(text, (whole) => {
      const refused = [...whole].some((character) => character !== '\t' && (character < ' ' || character === '\x7f'))
      if (refused) expect(() => output.text(whole)).toThrow(TypeError)
      else output.text(whole)
      expect(Buffer.from(output.take()).toString()).toBe(refused ? '' : whole)
    })
    fc.assert(property, { numRuns: RUNS })
  })
})
