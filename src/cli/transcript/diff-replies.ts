import { printable } from '../../wire/quote.ts'
import { paint } from '../paint.ts'

/** The reply that a transcript holds and the one that came in its place; one of them may be missing. */
export interface ReplyPair {
  /** The place among the replies, counted from 1. */
  readonly number: number
  readonly expected: Buffer | undefined
  readonly got: Buffer | undefined
}

export type Difference = 'differs' | 'missing' | 'surplus'

const COLORS = { '-': 'red', '+': 'green' } as const

/** Pairs replies by their place: every command has exactly one, in its order (R1). Returns what `got` does. */
export async function* pairReplies<T>(
  expected: Iterator<Buffer>,
  got: AsyncIterator<Buffer, T>,
): AsyncGenerator<ReplyPair, T> {
  let end: IteratorReturnResult<T> | undefined
  for (let number = 1; ; number++) {
    const left = expected.next()
    const right: IteratorResult<Buffer, T> = end ?? (await got.next())
    if (right.done === true) end = right
    if (left.done === true && right.done === true) return right.value
    yield {
      number,
      expected: left.done === true ? undefined : left.value,
      got: right.done === true ? undefined : right.value,
    }
  }
}

/** How two replies differ, if they do. Of the ignored headers, named in upper case, the values do not count. */
export function differenceOf({ expected, got }: ReplyPair, ignored: ReadonlySet<string>): Difference | undefined {
  if (expected === undefined) return 'surplus'
  if (got === undefined) return 'missing'
  if (expected.equals(got)) return undefined
  const before = comparable(linesOf(expected), ignored)
  const now = comparable(linesOf(got), ignored)
  return before.join('') === now.join('') ? undefined : 'differs'
}

/** Two replies line by line: `-` and `+` where they part, and around that what they have in common. */
export function showDifference(
  { expected, got }: ReplyPair,
  ignored: ReadonlySet<string>,
  color: boolean,
  indent = '  ',
): string {
  const lines = { '-': linesOf(expected), '+': linesOf(got) }
  const before = comparable(lines['-'], ignored)
  const now = comparable(lines['+'], ignored)
  const least = Math.min(before.length, now.length)
  let head = 0
  while (head < least && before[head] === now[head]) head++
  let tail = 0
  while (tail < least - head && before.at(-1 - tail) === now.at(-1 - tail)) tail++
  const common = lines['+'].map((line) => (indent + mark(' ', line)).trimEnd())
  const changed = (sign: '-' | '+') =>
    lines[sign]
      .slice(head, lines[sign].length - tail)
      .map((line) => indent + paint(mark(sign, line), COLORS[sign], color))
  const shown = [...common.slice(0, head), ...changed('-'), ...changed('+'), ...common.slice(common.length - tail)]
  return shown.map((line) => `${line}\n`).join('')
}

/** The lines of a reply, each with its end, as latin1. */
const linesOf = (reply: Buffer | undefined): string[] => reply?.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Lines as they are to be compared: without the values that do not count. */
const comparable = (lines: readonly string[], ignored: ReadonlySet<string>): string[] =>
  lines.map((line) => {
    const key = /^([\w-]+):/.exec(line)?.[1]
    return key !== undefined && ignored.has(key.toUpperCase()) ? `${key}:\n` : line
  })

/** A line as a terminal may be given it, behind a sign; an end that is not CR LF is to be seen, too. */
function mark(sign: string, line: string): string {
  const text = printable(Buffer.from(line.replace(/\r\n$/, ''), 'latin1'))
  return text === '' ? sign.trim() : `${sign} ${text}`
}
