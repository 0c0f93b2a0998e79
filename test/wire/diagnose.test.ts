import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../support/outcome-of.ts'
import { outcomes } from '../support/outcomes.ts'

const MAX_HEADERS = 64

/** A header line for each number, whose keys are all different. */
const headerLines = (count: number) => Array.from({ length: count }, (_, index) => `H${index}: ${index}\n`).join('')

const refusal = (code: string, fatal: boolean) => ({ error: { code, fatal } })
const parseError = (fatal: boolean, line: number) => ({ error: { code: 'PARSE', fatal, line } })

describe('the diagnosis of a message', () => {
  it.each([
    ['a NUL in the command', 'A\0\n\n', 1],
    ['a NUL in a value', 'A\nX: 1\nY: \0\n\n', 3],
    ['a CR within a line', 'A\nX: 1\r2\n\n', 2],
    ['a CR before the end of a line', 'A\r\r\n\n', 1],
    ['a CR before the end of a header line', 'A\nX: 1\r\r\n\n', 2],
    ['a CR on a line of its own', 'A\nX: 1\n\r\r\n\n', 3],
  ])('refuses %s for good (F2, F6)', (_, text, line) => {
    expect(outcomes(Buffer.from(text, 'latin1'))).toEqual([parseError(true, line)])
  })

  it.each([
    ['a byte that begins nothing', 'ff'],
    ['a sequence that breaks off', 'e282'],
    ['a continuation byte', '80'],
    ['an overlong slash', 'c0af'],
    ['an overlong LF', 'e0808a'],
    ['a surrogate', 'eda080'],
    ['a point beyond U+10FFFF', 'f4908080'],
  ])('refuses %s for good, wherever it stands (F6)', (_, hex) => {
    const bad = Buffer.from(hex, 'hex').toString('latin1')
    for (const text of [
      `A${bad}\n\n`,
      `A ${bad}\n\n`,
      `A\nK${bad}: 1\n\n`,
      `A\nX: ${bad}\n\n`,
      `A\nX: 1\n\t${bad}\n\n`,
    ]) {
      expect(outcomeOf(text)).toMatchObject(refusal('INVALID_UTF8', true))
    }
  })

  it('does not put two halves of a character together across the end of a line (F6)', () => {
    expect(outcomeOf('A\nX: \xc3\n\xa9: 1\n\n')).toMatchObject(refusal('INVALID_UTF8', true))
  })

  it('takes 64 headers and refuses 65 (G2)', () => {
    expect(outcomeOf(`A\n${headerLines(MAX_HEADERS)}\n`)).toMatchObject({ message: { command: 'A' } })
    expect(outcomeOf(`A\n${headerLines(MAX_HEADERS + 1)}\n`)).toMatchObject(refusal('TOO_MANY_HEADERS', false))
  })

  it.each(['Id: 1\nId: 1\n', 'Id: 1\nX: 2\niD: 3\n', `X: 1\n${headerLines(MAX_HEADERS - 2)}x: 2\n`])(
    'refuses a key that comes twice, without case: %j (G2)',
    (headers) => expect(outcomeOf(`A\n${headers}\n`)).toMatchObject(refusal('DUPLICATE_HEADER', false)),
  )

  it.each([
    ['a NUL before all that is soft', `A\t\nX\nX: 1\nX: 2\n${headerLines(MAX_HEADERS)}Z: \0\n\n`, 'PARSE', true],
    [
      'bad UTF-8 before all that is soft',
      `A\t\nX\nX: 1\nX: 2\n${headerLines(MAX_HEADERS)}Z: \xff\n\n`,
      'INVALID_UTF8',
      true,
    ],
    ['grammar before too many headers', `A\n${headerLines(MAX_HEADERS + 1)}Z\n\n`, 'PARSE', false],
    ['grammar before a header given twice', 'A\nX: 1\nX: 2\nZ\n\n', 'PARSE', false],
    [
      'too many headers before one given twice',
      `A\nX: 1\nX: 2\n${headerLines(MAX_HEADERS)}\n`,
      'TOO_MANY_HEADERS',
      false,
    ],
  ])('tells of %s (R7)', (_, text, code, fatal) => expect(outcomeOf(text)).toMatchObject(refusal(code, fatal)))

  it('goes on with the message behind a soft error (F6)', () => {
    const input = Buffer.from('A\n\x1b[A: 1\n\nPING\n\n')
    expect(outcomes(input)).toEqual([
      parseError(false, 2),
      { message: { command: 'PING', arguments: [], headers: [] } },
    ])
  })
})
