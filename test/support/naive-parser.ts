// A second parser of the whole protocol, to compare the first with: slow, simple, and made of nothing but strings,
// `split` and regular expressions. Bytes are latin1 characters here. It shares no line with the program.

export interface NaiveMessage {
  readonly command: string
  readonly arguments: readonly string[]
  readonly headers: readonly (readonly [key: string, value: string])[]
}

/** What a message, or the stream as a whole, comes to. */
export type NaiveOutcome =
  | { readonly message: NaiveMessage }
  /** Several codes: the contract leaves open which of them comes first. A line only where it is said that one is told. */
  | { readonly codes: readonly string[]; readonly fatal: boolean; readonly line?: number }

const CAP_BYTES = 8192
const MAX_HEADERS = 64

/** F2 and F4. */
const EMPTY_LINES = /^(?:\r?\n)+/
/** F1: the end of a line, and an empty line. */
const BOUNDARY = /\n\r?\n/
const BARE_LF = /(?<!\r)\n/
/** F2 and F6. */
const FATAL_CHARACTER = /\0|\r(?!\n)/
/** Section 3, with all bytes over 7f for UTF8-non-ascii: what is not UTF-8 at all is refused before. */
const FIRST_LINE = /^[A-Za-z][A-Za-z0-9_-]{0,31}(?: +[!-~\x80-\xff]+)* *$/
const HEADER_LINE = /^([A-Za-z][A-Za-z0-9_-]{0,63}):[ \t]*([ \t!-~\x80-\xff]*?)[ \t]*$/
/** RFC 3629, section 4. */
const UTF8_CHARACTER = [
  '[^\\x80-\\xff]',
  '[\\xc2-\\xdf][\\x80-\\xbf]',
  '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
  '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
  '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
  '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
  '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
  '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
].join('|')
const UTF8 = new RegExp(`^(?:${UTF8_CHARACTER})*$`)

const fatal = (...codes: readonly string[]): NaiveOutcome => ({ codes, fatal: true })
const soft = (code: string, line?: number): NaiveOutcome => ({
  codes: [code],
  fatal: false,
  ...(line !== undefined && { line }),
})

/** What a whole stream, as latin1, comes to: all its messages, up to the first fatal error. */
export function naiveOutcomes(stream: string, strictCrlf = false): readonly NaiveOutcome[] {
  const bareLf = strictCrlf ? stream.search(BARE_LF) : -1
  const outcomes: NaiveOutcome[] = []
  let rest = (bareLf < 0 ? stream : stream.slice(0, bareLf)).replace(EMPTY_LINES, '')
  for (let boundary = BOUNDARY.exec(rest); boundary !== null; boundary = BOUNDARY.exec(rest)) {
    const length = boundary.index + boundary[0].length
    const outcome = length > CAP_BYTES ? fatal('MESSAGE_TOO_BIG') : naiveOutcome(rest.slice(0, length))
    outcomes.push(outcome)
    if ('codes' in outcome && outcome.fatal) return outcomes
    rest = rest.slice(length).replace(EMPTY_LINES, '')
  }
  return [...outcomes, ...unfinished(rest, bareLf >= 0)]
}

/** F3, F2 and F7, in the order in which their bytes come. */
function unfinished(rest: string, endsAtBareLf: boolean): readonly NaiveOutcome[] {
  if (rest.length > CAP_BYTES) return [fatal('MESSAGE_TOO_BIG')]
  // A bare LF as byte 8193 is both at once.
  if (endsAtBareLf) return [rest.length === CAP_BYTES ? fatal('MESSAGE_TOO_BIG', 'BARE_LF') : fatal('BARE_LF')]
  return rest === '' ? [] : [fatal('INCOMPLETE')]
}

/** What one message comes to, its boundary included, in the order of R7. */
function naiveOutcome(text: string): NaiveOutcome {
  const broken = [...(FATAL_CHARACTER.test(text) ? ['PARSE'] : []), ...(UTF8.test(text) ? [] : ['INVALID_UTF8'])]
  if (broken.length > 0) return fatal(...broken)
  const [first = '', ...lines] = text.split(/\r?\n/).slice(0, -2)
  if (!FIRST_LINE.test(first)) return soft('PARSE', 1)
  const bad = lines.findIndex((line) => !HEADER_LINE.test(line))
  if (bad >= 0) return soft('PARSE', bad + 2)
  if (lines.length > MAX_HEADERS) return soft('TOO_MANY_HEADERS')
  const headers = lines.map((line): readonly [string, string] => {
    const [, key = '', value = ''] = HEADER_LINE.exec(line) ?? []
    return [key, fromUtf8(value)]
  })
  const keys = headers.map(([key]) => key.toLowerCase())
  if (new Set(keys).size < keys.length) return soft('DUPLICATE_HEADER')
  const [command = '', ...words] = first.split(' ').filter((word) => word !== '')
  return { message: { command, arguments: words.map(fromUtf8), headers } }
}

const fromUtf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')
