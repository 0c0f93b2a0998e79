import { expect } from 'vitest'
import { type Outcome, outcomes } from './outcomes.ts'

/**
 * What becomes of the one message of a text, given as latin1 with `\n` at the ends of its lines: in all chunkings, and
 * with CR LF as with bare LF (F2).
 */
export function outcomeOf(text: string): Outcome | undefined {
  const bare = outcomes(Buffer.from(text, 'latin1'))
  expect(outcomes(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'))).toEqual(bare)
  expect(bare).toHaveLength(1)
  return bare[0]
}
