import { SPACE } from '../wire/characters.ts'
import type { Message } from '../wire/message.ts'
import { type Span, spanOf } from '../wire/span.ts'

const TOKEN = 'token'
const HIDDEN = Buffer.from('[token]')

/** A message without the line ends and spaces behind it. */
export function trimmed(bytes: Uint8Array, start: number, before: number): Span {
  let end = before
  while (end > start && (bytes[end - 1] as number) <= SPACE) end--
  return { bytes, start, end }
}

/** A well-formed HELLO, with something else where its token stands: in its first argument, or in a header. */
export function withoutToken(message: Message): Span {
  const { bytes, start, end } = trimmed(message.bytes, message.commandStart, message.end)
  const parts: Uint8Array[] = []
  let at = start
  const hide = (from: number, to: number) => {
    parts.push(bytes.subarray(at, from), HIDDEN)
    at = to
  }
  if (message.argumentCount > 0) hide(message.argumentStart(0), message.argumentEnd(0))
  for (let header = 0; header < message.headerCount; header++) {
    const key = message.text(message.keyStart(header), message.keyEnd(header))
    if (key.toLowerCase() === TOKEN) hide(message.valueStart(header), message.valueEnd(header))
  }
  return spanOf(Buffer.concat([...parts, bytes.subarray(at, end)]))
}
