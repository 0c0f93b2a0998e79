import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Outcome, outcomes } from '../support/outcomes.ts'

/** An input that comes to one outcome; where it is `strictCrlf`, the reader demands CR LF (F2). */
type MessageVector = Outcome & {
  readonly name: string
  readonly strictCrlf?: boolean
} & ({ readonly text: string } | { readonly hex: string })

const file = new URL('../../fixtures/vectors/messages.json', import.meta.url)
const vectors: readonly MessageVector[] = JSON.parse(readFileSync(file, 'utf8'))

const bytesOf = (vector: MessageVector) =>
  'text' in vector ? Buffer.from(vector.text, 'ascii') : Buffer.from(vector.hex, 'hex')

/** The outcome alone. An error may come with a line that the vector leaves free. */
const expected = (vector: MessageVector) => ('error' in vector ? { error: vector.error } : { message: vector.message })

describe('fixtures/vectors/messages.json', () => {
  it.each(vectors)('holds for $name, in all chunkings (sections 2 and 3)', (vector) => {
    const { strictCrlf = false } = vector
    const found = outcomes(bytesOf(vector), { strictCrlf })
    expect(found).toMatchObject([expected(vector)])
  })

  it('names every vector once', () => {
    const names = vectors.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('gives ASCII as text and all else in hex, so that no byte depends on an encoding', () => {
    for (const vector of vectors) expect(bytesOf(vector).every((byte) => byte < 0x80)).toBe('text' in vector)
  })
})
