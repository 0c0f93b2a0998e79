import { LF } from '../../wire/characters.ts'
import { MAX_MESSAGE_BYTES } from '../../wire/limits.ts'
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
  const rest = yield* wholeMessages(bytes)
  if (rest.length > 0) yield rest
}

/**
 * The same for what comes piece by piece, of which no more than a message is kept (F3); it is looked at again with the
 * next piece. Rejects where a message is too big, behind what came of it.
 */
export async function* cutPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of pieces) {
      rest = yield* wholeMessages(Buffer.concat([rest, piece]))
      if (rest.length > MAX_MESSAGE_BYTES) throw new Error('what it sent is not skyline/1: MESSAGE_TOO_BIG')
    }
  } finally {
    if (rest.length > 0) yield rest
  }
}

/** The messages that lie whole in some bytes; returns what is left behind them. */
function* wholeMessages(bytes: Uint8Array): Generator<Buffer, Buffer> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const reader = new Reader()
  reader.push(bytes)
  let from = 0
  while (reader.find() === 'message') {
    yield view.subarray(from, reader.end)
    from = reader.end
  }
  return view.subarray(from)
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
