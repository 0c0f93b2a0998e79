import { describe, expect, it } from 'vitest'
import { CODES, type Code } from '../../src/wire/codes.ts'
import { Failure, type FailureParts } from '../../src/wire/failure.ts'
import { Output } from '../../src/wire/output.ts'
import {
  propertyName,
  ReplyFormat,
  type ReplyShape,
  type ReplyValues,
  writeEnd,
  writeFailure,
  writeHeader,
} from '../../src/wire/reply.ts'
import { parsed } from '../support/parsed.ts'

function written(write: (output: Output) => void): string {
  const output = new Output()
  write(output)
  return Buffer.from(output.take()).toString()
}

const good = (shape: Partial<ReplyShape>, values: ReplyValues) =>
  written((output) =>
    new ReplyFormat({ summary: 'DONE', shown: [], headers: [], open: false, ...shape }).write(
      output,
      values,
      undefined,
    ),
  )
const refused = (code: Code, parts?: FailureParts) =>
  written((output) => writeFailure(output, new Failure(code, parts)))
const ended = (text: string) => written((output) => writeEnd(output, parsed(text).message))

const MOVING = { summary: 'MOVING_TO', shown: ['X', 'Y', 'Z'], headers: ['X', 'Y', 'Z'] }

describe('ReplyFormat', () => {
  it.each<[string, Partial<ReplyShape>, ReplyValues]>([
    ['OK DONE\r\n', {}, {}],
    ['OK MOVING_TO(10, 20)\r\nX: 10\r\nY: 20\r\n', MOVING, { x: 10, y: 20 }],
    ['OK MOVING_TO(-1, 0, 30)\r\nX: -1\r\nY: 0\r\nZ: 30\r\n', MOVING, { z: 30, y: 0, x: -1 }],
    ['OK MOVING_TO\r\n', MOVING, {}],
    ['OK DONE\r\nDrone: sim\r\n', { headers: ['Drone', 'Text'] }, { drone: 'sim', text: undefined }],
    ['OK DONE\r\nText: grün\r\n', { headers: ['Text'] }, { text: 'grün' }],
    ['OK DONE\r\nA: 1\r\nMOVE: X Y\r\n', { headers: ['A'], open: true }, { a: 1, entries: [['MOVE', 'X Y']] }],
  ])('writes %j (section 4)', (expected, shape, values) => expect(good(shape, values)).toBe(`${expected}\r\n`))

  it.each(['\r', '\n', '\0', 'a\r\nX: 1', 'é\n'])('throws at a field that holds %j (R4)', (text) => {
    expect(() => good({ headers: ['Text'] }, { text })).toThrow(TypeError)
    expect(() => good({ headers: ['Text'], shown: ['Text'] }, { text })).toThrow(TypeError)
    expect(() => good({ open: true }, { entries: [['Key', text]] })).toThrow(TypeError)
    expect(() => good({ open: true }, { entries: [[text, 'value']] })).toThrow(TypeError)
    expect(() => written((output) => writeHeader(output, 'Key', text))).toThrow(TypeError)
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('throws at %d, which is no integer', (x) => {
    expect(() => good({ headers: ['X'] }, { x })).toThrow(TypeError)
  })

  it('finds the value of a header under its name in camel case', () => {
    expect(['X', 'MaxMessage', 'Id'].map(propertyName)).toEqual(['x', 'maxMessage', 'id'])
  })
})

describe('writeFailure', () => {
  it('writes Reason and Fatal first, then where, what and what to do (section 4, R5)', () => {
    const parts = { reason: 'Y is odd', line: 3, param: 'Y', hint: 'try 2', details: { Cause: 'PARSE' }, fatal: false }
    const lines = refused('BAD_ARGUMENT', parts).split('\r\n')
    expect(lines.slice(0, 3)).toEqual(['ERR BAD_ARGUMENT', 'Reason: Y is odd', 'Fatal: no'])
    expect(lines.slice(3).toSorted()).toEqual(['', 'At: line 3', 'Cause: PARSE', 'Hint: try 2', 'Param: Y'])
  })

  it('says what came', () => {
    const reply = refused('BAD_ARGUMENT', { reason: 'X is to be an integer', found: '"ten"', fatal: false })
    expect(reply).toMatch(/^Reason: X is to be an integer.*"ten"\r$/m)
  })

  it.each(Object.keys(CODES) as Code[])('gives %s the sentence of its code where it says no other (R6)', (code) => {
    expect(refused(code).split('\r\n').slice(0, 2)).toEqual([`ERR ${code}`, `Reason: ${CODES[code].sentence}`])
  })

  it.each(['INVALID_UTF8', 'MESSAGE_TOO_BIG', 'BUSY', 'SHUTTING_DOWN'] as const)(
    'calls %s fatal, as its code is, where the failure does not say (section 4)',
    (code) => expect(refused(code)).toContain('\r\nFatal: yes\r\n'),
  )

  it.each(['PARSE', 'DUPLICATE_HEADER', 'TIMEOUT', 'AUTH_FAILED'] as const)(
    'does not call %s fatal, as its code is not, where the failure does not say (section 4)',
    (code) => expect(refused(code)).toContain('\r\nFatal: no\r\n'),
  )

  it('says of a fatal error, and of no other, that nothing behind it was run (R3)', () => {
    const hint = (fatal: boolean) => /^Hint: (.*)\r$/m.exec(refused('PARSE', { fatal, hint: 'try HELP' }))?.[1]
    expect(hint(false)).toBe('try HELP')
    expect(hint(true)).toMatch(/^try HELP\b.+\brun\b/)
    expect(refused('PARSE', { fatal: true })).toMatch(/^Fatal: yes\r\nHint: .+\r$/m)
    expect(refused('PARSE', { fatal: false })).not.toContain('Hint')
  })

  it.each(['\r', '\n', '\0'])('throws at a part that holds %j (R4)', (bad) => {
    for (const parts of [{ reason: bad }, { found: bad }, { param: bad }, { hint: bad }, { details: { Cause: bad } }]) {
      expect(() => refused('PARSE', { fatal: false, ...parts })).toThrow(TypeError)
    }
  })
})

describe('a reply', () => {
  it('is whole wherever the space for replies ends, with a text of any length and the longest Id', () => {
    const id = 'i'.repeat(64)
    const { message } = parsed(`PING\nId: ${id}`)
    const format = new ReplyFormat({ summary: 'DONE', shown: [], headers: ['Text', 'Op'], open: false })
    for (let before = 0; before < 160; before++) {
      for (const text of ['', 'short', 'x'.repeat(40), 'x'.repeat(100)]) {
        const output = new Output(128)
        output.bytes(Buffer.alloc(before, '.'))
        format.write(output, { text, op: 1_234_567 }, message)
        const reply = `OK DONE\r\nText: ${text}\r\nOp: 1234567\r\nId: ${id}\r\n\r\n`
        expect(Buffer.from(output.take()).toString()).toBe('.'.repeat(before) + reply)
      }
    }
  })
})

describe('writeEnd', () => {
  it.each([
    ['an empty line', 'PING', '\r\n'],
    ['the Id of the message and an empty line', 'PING\nId: a-1\nNote: x', 'Id: a-1\r\n\r\n'],
    ['the Id in a key of its own case', 'PING\nID:   a-1  ', 'Id: a-1\r\n\r\n'],
  ])('ends a reply with %s (R2)', (_, text, expected) => expect(ended(text)).toBe(expected))

  it('ends what answers no message with an empty line (R2)', () => {
    expect(written((output) => writeEnd(output, undefined))).toBe('\r\n')
  })
})
