import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandTable } from '../../src/commands/table.ts'
import { failureOf } from '../support/decoded.ts'

/** The text of an integer parameter, its range, and what it comes to. */
type IntegerVector = { readonly text: string; readonly min: number; readonly max: number } & (
  | { readonly value: number }
  | { readonly error: 'BAD_ARGUMENT' | 'OUT_OF_RANGE' }
)

const file = new URL('../../fixtures/vectors/integers.json', import.meta.url)
const vectors: readonly IntegerVector[] = JSON.parse(readFileSync(file, 'utf8'))

/** A command that takes nothing but an integer of this range. */
const tableOf = (min: number, max: number) =>
  new CommandTable([
    {
      name: 'COUNT',
      aliases: [],
      states: ['Authenticated'],
      parameters: [{ name: 'N', type: 'integer', min, max, required: true }],
      summary: 'count',
      example: 'COUNT 1',
      reply: { summary: 'COUNTED', headers: [] },
    },
  ])

const expected = (vector: IntegerVector) =>
  'error' in vector ? { code: vector.error, param: 'N' } : { n: vector.value }

describe('fixtures/vectors/integers.json', () => {
  it.each(vectors)('holds for "$text" as a header, from $min to $max (section 6)', (vector) => {
    expect(failureOf(`COUNT\nN: ${vector.text}`, tableOf(vector.min, vector.max))).toEqual(expected(vector))
  })

  const words = vectors.filter(({ text }) => /^[^ \t]+$/.test(text))
  it.each(words)('holds for "$text" as an argument, from $min to $max (section 6)', (vector) => {
    expect(failureOf(`COUNT ${vector.text}`, tableOf(vector.min, vector.max))).toEqual(expected(vector))
  })

  it('holds no vector twice', () => {
    expect(new Set(vectors.map((vector) => JSON.stringify(vector))).size).toBe(vectors.length)
  })
})
