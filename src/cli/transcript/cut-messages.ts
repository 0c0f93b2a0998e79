import { LF } from '../../wire/characters.ts'
import { Reader } from '../../wire/reader.ts'

/** A message of a transcript's input. */
export interface SentMessage {
  /** The line of the file on which it starts, counted from 1. */
  readonly line: number
  /** Its first word. */
  readonly word: string
}

/**
 * Cuts bytes where a reader finds that a message ends. Nothing is lost: blank lines stand before the message that
 * follows them, and what is left at the end, or cannot be followed, comes as the last one.
 */
export function* cutMessages(bytes: Uint8Array): Generator<Buffer> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const reader = new Reader()
  reader.push(bytes)
  let from = 0
  while (reader.find() === 'message') {
    yield view.subarray(from, reader.end)
    from = reader.end
  }
  if (from < bytes.length) yield view.subarray(from)
}

/** The messages of a transcript's input, as far as they are for telling which of them a reply answers. */
export function* sentMessages(input: Uint8Array): Generator<SentMessage> {
  let line = 1
  for (const bytes of cutMessages(input)) {
    const [opening = '', word = ''] = /^(?:\r?\n)*([^\s:]{0,32})/.exec(bytes.toString('latin1')) ?? []
    const start = opening.length - word.length
    if (start < bytes.length) yield { line: line + countLines(bytes.subarray(0, start)), word }
    line += countLines(bytes)
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0
  for (const byte of bytes) if (byte === LF) lines++
  return lines
}
