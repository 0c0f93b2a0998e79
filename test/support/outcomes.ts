import { expect } from 'vitest'
import { CODES, type Code } from '../../src/wire/codes.ts'
import type { Failure } from '../../src/wire/failure.ts'
import { Message, type PlainMessage } from '../../src/wire/message.ts'
import { parse } from '../../src/wire/parse.ts'
import { chunkings } from './chunkings.ts'
import { type ReadOptions, readStream } from './read-stream.ts'

export interface Refusal {
  readonly code: Code
  readonly fatal: boolean
  readonly line?: number
}

/** What came of a message, or of the stream where it cannot be followed any more. */
export type Outcome = { readonly message: PlainMessage } | { readonly error: Refusal }

/** What an input comes to, message by message, once it has been seen to be the same in all chunkings (F5). */
export function outcomes(input: Uint8Array, options?: ReadOptions): readonly Outcome[] {
  const whole = understand([input], options)
  for (const chunks of chunkings(input)) expect(understand(chunks, options)).toEqual(whole)
  return whole
}

/** Reads and parses a stream up to its end, or to the first fatal error. */
export function understand(chunks: Iterable<Uint8Array>, options?: ReadOptions): readonly Outcome[] {
  const found: Outcome[] = []
  const message = new Message()
  const { end } = readStream(chunks, options, (bytes, start, messageEnd) => {
    const fault = parse(bytes, start, messageEnd, message)
    found.push(fault === undefined ? { message: message.toPlain() } : { error: refusal(fault) })
  })
  if (end === 'within a message') found.push({ error: { code: 'INCOMPLETE', fatal: true } })
  else if (end !== 'between messages') found.push({ error: { code: end, fatal: true } })
  const last = found.findIndex((outcome) => 'error' in outcome && outcome.error.fatal)
  return last < 0 ? found : found.slice(0, last + 1)
}

const refusal = ({ code, parts: { fatal, line } }: Failure): Refusal => ({
  code,
  fatal: fatal ?? CODES[code].fatal === true,
  ...(line === undefined ? {} : { line }),
})
