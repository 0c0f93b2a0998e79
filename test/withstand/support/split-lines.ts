import type { Reading } from '../../support/read-stream.ts'

const CAP_BYTES = 8192

/** What a stream of bytes, as latin1, comes to, by lines and strings: an oracle with nothing in common with the reader. */
export function splitLines(stream: string): Reading {
  const lines = stream.split('\n')
  const rest = lines.pop() ?? ''
  const messages: string[] = []
  let message = ''
  for (const line of lines) {
    const isEmpty = line === '' || line === '\r'
    if (message === '' && isEmpty) continue
    message += `${line}\n`
    if (message.length > CAP_BYTES) break
    if (!isEmpty) continue
    messages.push(message)
    message = ''
  }
  const unfinished = message.length > CAP_BYTES ? message : message + rest
  if (unfinished.length > CAP_BYTES) return { messages, end: 'MESSAGE_TOO_BIG' }
  return { messages, end: unfinished === '' ? 'between messages' : 'within a message' }
}
