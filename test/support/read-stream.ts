import type { Code } from '../../src/wire/codes.ts'
import { Reader } from '../../src/wire/reader.ts'

export interface ReadOptions {
  readonly strictCrlf?: boolean
}

/** What a reader made of a stream. */
export interface Reading {
  /** The messages, byte for byte, as latin1. */
  readonly messages: readonly string[]
  /** Where the stream stands after its last byte, or why it was not followed so far. */
  readonly end: 'between messages' | 'within a message' | Code
}

/** What is left in a read's buffer once the reader is done with it: bytes that no test sends. */
const OVERWRITTEN = 0x2a

/** Feeds a reader, and hands each message to `visit` while it is valid. */
export function readStream(
  chunks: Iterable<Uint8Array>,
  options: ReadOptions = {},
  visit: (bytes: Uint8Array, start: number, end: number) => void = () => {},
): Reading {
  const reader = new Reader(options)
  const messages: string[] = []
  for (const chunk of chunks) {
    const received = Uint8Array.from(chunk)
    reader.push(received)
    let verdict = reader.find()
    for (; verdict === 'message'; verdict = reader.find()) {
      const { bytes, start, end } = reader
      messages.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'))
      visit(bytes, start, end)
    }
    if (verdict !== 'more') return { messages, end: verdict.code }
    received.fill(OVERWRITTEN)
  }
  return { messages, end: reader.unfinished ? 'within a message' : 'between messages' }
}
