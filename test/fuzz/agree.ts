import { expect } from 'vitest'
import { type NaiveOutcome, naiveOutcomes } from '../support/naive-parser.ts'
import { type Outcome, understand } from '../support/outcomes.ts'

/** Asks that what the program made of a stream is what the naive parser makes of it: messages, codes, fatality, lines. */
export function agree(found: readonly Outcome[], stream: Uint8Array, strictCrlf: boolean): void {
  const expected = naiveOutcomes(Buffer.from(stream).toString('latin1'), strictCrlf)
  expect(found).toEqual(expected.map((outcome, index) => asFound(outcome, found[index])))
}

/** The same of a stream in pieces. */
export const agreeInPieces = (chunks: readonly Uint8Array[], stream: Uint8Array, strictCrlf: boolean): void =>
  agree(understand(chunks, { strictCrlf }), stream, strictCrlf)

/** An expectation in the form of what was found, where the contract leaves it a choice in the words of that. */
function asFound(expected: NaiveOutcome, found: Outcome | undefined): unknown {
  if ('message' in expected) return expected
  const { codes, fatal, line } = expected
  const code = found !== undefined && 'error' in found && codes.includes(found.error.code) ? found.error.code : codes[0]
  return { error: line === undefined ? expect.objectContaining({ code, fatal }) : { code, fatal, line } }
}
