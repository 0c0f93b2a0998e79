import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInteger } from '../../src/commands/integer.ts'

const RUNS = 5000
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)

/** Section 6, to the letter. */
const INTEGER = /^(0|-?[1-9][0-9]*)$/

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 24 })
const texts: readonly [what: string, text: fc.Arbitrary<string>][] = [
  ['integers of any length', fc.bigInt().map(String)],
  ['integers about the largest that are exact', fc.bigInt({ min: LARGEST - 9n, max: LARGEST + 9n }).map(String)],
  ['integers of 32 bits', fc.integer().map(String)],
  [
    'digits with a sign or without',
    fc.tuple(fc.constantFrom('', '-', '+', '--'), digits).map((parts) => parts.join('')),
  ],
  ['what looks like a number', fc.string({ unit: fc.constantFrom(...'0019-+.ex_ '), maxLength: 6 })],
  ['numbers of every other kind', fc.double().map(String)],
  ['any text', fc.string({ unit: 'binary', maxLength: 8 })],
]

describe('readInteger', () => {
  it.each(texts)('agrees on %s with the regular expression and BigInt (section 6)', (_, text) => {
    const property = fc.property(text, fc.nat({ max: 3 }), (whole, before) => {
      const bytes = Buffer.from(whole)
      const around = Buffer.concat([Buffer.alloc(before, '1'), bytes, Buffer.from('1')])
      const value = readInteger(around, before, before + bytes.length)
      const exact = INTEGER.test(whole) ? BigInt(whole) : undefined
      if (exact === undefined) expect(value).toBeNaN()
      else if (exact > LARGEST) expect(value).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
      else if (exact < -LARGEST) expect(value).toBeLessThan(Number.MIN_SAFE_INTEGER)
      else expect(BigInt(value)).toBe(exact)
    })
    fc.assert(property, { numRuns: RUNS })
  })
})
