import { CR, LF } from '../../wire/characters.ts'
import { CODES } from '../../wire/codes.ts'
import { Reader } from '../../wire/reader.ts'
import { lineCounter } from '../line-counter.ts'

/** A message of a script, and the line of the file on which it starts, counted from 1. */
export interface ScriptMessage {
  readonly line: number
  readonly bytes: Uint8Array
}

export interface Script {
  readonly messages: readonly ScriptMessage[]
  /** The message that the script ends in, or that is none: nothing behind it is read. */
  readonly problem?: ScriptProblem
}

export interface ScriptProblem {
  readonly line: number
  readonly code: 'INCOMPLETE' | 'MESSAGE_TOO_BIG'
}

/** What is wrong, and what was wanted. */
export const describeProblem = ({ code }: ScriptProblem): string =>
  `${CODES[code].sentence}; an empty line ends each message`

/**
 * Reads a script in either of its two forms.
 *
 * As `nc` would send it: messages of lines, an empty line behind each. Or one command a line, with comments behind `#`;
 * it is told by a comment, or by the absence of any empty line.
 */
export function readScript(bytes: Uint8Array): Script {
  const text = Buffer.from(bytes).toString('latin1')
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const commented = lines.some((line) => line.startsWith('#'))
  const spaced = lines.slice(0, -1).some((line) => line === '')
  return commented || !spaced ? readLines(lines) : readMessages(bytes)
}

/** Whether it opens its session itself. */
export const saysHello = ({ messages }: Script): boolean =>
  messages.some(({ bytes }) => /^hello\b/i.test(Buffer.from(bytes).toString('latin1')))

/** One command a line. */
const readLines = (lines: readonly string[]): Script => ({
  messages: lines.flatMap((text, index) => {
    const command = text.trim()
    if (command === '' || command.startsWith('#')) return []
    return [{ line: index + 1, bytes: Buffer.from(`${command}\r\n\r\n`, 'latin1') }]
  }),
})

/** The bytes as they are, cut as a server cuts them. */
function readMessages(bytes: Uint8Array): Script {
  const reader = new Reader()
  const messages: ScriptMessage[] = []
  const lineAt = lineCounter(bytes)
  reader.push(bytes)
  let verdict = reader.find()
  for (; verdict === 'message'; verdict = reader.find()) {
    messages.push({ line: lineAt(reader.start), bytes: bytes.subarray(reader.start, reader.end) })
  }
  if (verdict === 'more' && !reader.unfinished) return { messages }
  const code = verdict === 'more' ? 'INCOMPLETE' : 'MESSAGE_TOO_BIG'
  let start = reader.end
  while (bytes[start] === CR || bytes[start] === LF) start++
  return { messages, problem: { line: lineAt(start), code } }
}
