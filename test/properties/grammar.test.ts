import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Outcome, understand } from '../support/outcomes.ts'

const RUNS = 5000
const MAX_HEADERS = 64
const FIRST_LINE = /^[A-Za-z][A-Za-z0-9_-]{0,31}(?: +[\x21-\x7e\x80-\xff]+)* *$/
const HEADER_LINE = /^([A-Za-z][A-Za-z0-9_-]{0,63}):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const decode = (latin1: string) => utf8.decode(Buffer.from(latin1, 'latin1'))

function isUtf8(latin1: string): boolean {
  try {
    decode(latin1)
    return true
  } catch {
    return false
  }
}

const refusal = (code: string, fatal: boolean, line?: number) => ({
  error: { code, fatal, ...(line === undefined ? {} : { line }) },
})

/** What a message, as latin1, comes to by the grammar written as regular expressions, and in the order of R7. */
function oracle(text: string) {
  const unfit = /\0|\r(?!\n)/.test(text)
  if (unfit && isUtf8(text)) return refusal('PARSE', true)
  if (unfit) return { error: { code: expect.stringMatching(/^(PARSE|INVALID_UTF8)$/), fatal: true } }
  if (!isUtf8(text)) return refusal('INVALID_UTF8', true)
  const [first = '', ...lines] = text.split(/\r?\n/).slice(0, -2)
  if (!FIRST_LINE.test(first)) return refusal('PARSE', false, 1)
  const bad = lines.findIndex((line) => !HEADER_LINE.test(line))
  if (bad >= 0) return refusal('PARSE', false, bad + 2)
  if (lines.length > MAX_HEADERS) return refusal('TOO_MANY_HEADERS', false)
  const headers = lines.map((line) => (HEADER_LINE.exec(line) ?? []).slice(1).map(decode))
  if (new Set(headers.map(([key]) => key?.toLowerCase())).size < lines.length) return refusal('DUPLICATE_HEADER', false)
  const [command, ...words] = decode(first)
    .split(/ +/)
    .filter((word) => word !== '')
  return { message: { command, arguments: words, headers } }
}

/** All that a test of one message asks: the line of what is no grammar error is free. */
const agrees = (found: Outcome | undefined, text: string) => expect(found).toMatchObject(oracle(text))

const name = fc.constantFrom(
  'A',
  'MOVE',
  'x',
  'X',
  'Id',
  'iD',
  'C'.padEnd(32, '-'),
  'C'.padEnd(33, '-'),
  'K'.padEnd(64, '_'),
)
const good = fc.constantFrom(' ', '  ', '1', '20', ': ', ':', '\xc3\xa9', '\xf0\x9f\x9a\x81', '~', 'word', '-')
const bad = fc.constantFrom(
  '\t',
  '\r',
  '\0',
  '\x1b',
  '\x7f',
  '\xff',
  '\xc3',
  '\x80',
  '\xed\xa0\x80',
  ' \t',
  '__proto__',
)
const mostly = { arbitrary: good, weight: 12 }
const tail = fc.array(fc.oneof(mostly, bad), { maxLength: 5 }).map((parts) => parts.join(''))
const often = fc.constantFrom('', '', '', '', '', '', ' ', '\t', '9', '\xc3\xa9')

const firstLine = fc.tuple(often, name, fc.constantFrom('', ' ', '   '), tail).map((parts) => parts.join(''))
const headerLine = fc.tuple(often, name, fc.nat({ max: 99 }), often, fc.constantFrom(':', ': '), tail)
const lines = fc.array(
  headerLine.map((parts) => parts.join('')),
  { maxLength: 6 },
)
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\n')
const text = fc
  .tuple(firstLine, lines, fc.array(lineEnd, { minLength: 8, maxLength: 8 }))
  .map(([first, rest, ends]) => {
    const all = [first, ...rest, ''].map((line, index) => line + (ends[index] ?? '\n'))
    return all.join('')
  })

describe('parse, against the grammar as regular expressions', () => {
  it('says of every message what the grammar says of it (section 3, R7)', () => {
    const property = fc.property(
      text.filter((whole) => /^[^\r\n]|^\r[^\n]/.test(whole)),
      (whole) => {
        agrees(understand([Buffer.from(whole, 'latin1')])[0], whole)
      },
    )
    fc.assert(property, { numRuns: RUNS })
  })

  it('says of every number of headers, some of them given twice, what the grammar says of it (G2, R7)', () => {
    const keys = fc.array(fc.nat({ max: 3000 }), { minLength: MAX_HEADERS - 2, maxLength: MAX_HEADERS + 2 })
    const property = fc.property(keys, (numbers) => {
      const whole = `A\r\n${numbers.map((key) => `K${key.toString(36)}: 1\r\n`).join('')}\r\n`
      agrees(understand([Buffer.from(whole)])[0], whole)
    })
    fc.assert(property, { numRuns: RUNS / 10 })
  })
})
