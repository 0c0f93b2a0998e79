import { describe, expect, it } from 'vitest'
import { decoded, failureOf } from '../support/decoded.ts'

const MANY = 40
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ')

describe('decode', () => {
  it.each([
    ['MOVE 10 20', { x: 10, y: 20, speed: 100 }],
    ['MOVE\nX: 10\nY: 20', { x: 10, y: 20, speed: 100 }],
    ['MOVE\ny: 20\nx: 10', { x: 10, y: 20, speed: 100 }],
    ['MOVE 10\nY: 20\nsPEED: 5', { x: 10, y: 20, speed: 5 }],
    ['MOVE 1 2 3 4', { x: 1, y: 2, z: 3, speed: 4 }],
    ['MOVE -2147483648 2147483647', { x: -2147483648, y: 2147483647, speed: 100 }],
    ['MOVE 1 2\nSpeed: 1000', { x: 1, y: 2, speed: 1000 }],
    ['color 0 255 7', { r: 0, g: 255, b: 7 }],
    ['WAIT', { timeout: 60_000 }],
    ['WAIT 1', { timeout: 1 }],
    ['WAIT 600000', { timeout: 600_000 }],
    ['HELLO', { version: 1 }],
    ['HELLO\nToken: a b', { token: 'a b', version: 1 }],
    ['PING', {}],
    ['PING\nId: 1\nNote: any\nX-: 1\nX-Any: 2\nx-other: 3', {}],
    ['HELP move', { command: 'move' }],
    ['TAKEOFF', { z: 100 }],
    ['TAKEOFF 2147483647', { z: 2147483647 }],
    ['MOVE 1 2\nWait: yes', { x: 1, y: 2, speed: 100, wait: 'yes' }],
    ['MOVE 1 2 3 4\nwait: NO', { x: 1, y: 2, z: 3, speed: 4, wait: 'no' }],
    ['WAIT\nOp: 7', { timeout: 60_000, op: 7 }],
    ['WAIT 5\nOp: 9007199254740991', { timeout: 5, op: Number.MAX_SAFE_INTEGER }],
    ['EMERGENCY sim', { drone: 'sim' }],
    ['SUBSCRIBE telemetry 50', { topic: 'TELEMETRY', rate: 50 }],
    ['SUBSCRIBE\nTopic: Ops', { topic: 'OPS' }],
    ['UNSUBSCRIBE', {}],
    ['UNSUBSCRIBE link', { topic: 'LINK' }],
  ])('reads the parameters of %j (section 6)', (text, params) => expect(decoded(text)).toEqual(params))

  it.each([
    ['WRITE one', 'one'],
    ['WRITE   a  b   c  ', 'a  b   c'],
    [`WRITE ${words(MANY)}`, words(MANY)],
    ['WRITE\nText:   a  b\t c  ', 'a  b\t c'],
    ['WRITE grün 日本 🚁', 'grün 日本 🚁'],
    [`WRITE ${'x'.repeat(255)}`, 'x'.repeat(255)],
    [`WRITE\nText: ${'é'.repeat(127)}x`, `${'é'.repeat(127)}x`],
  ])('reads the text of %j (section 6: WRITE)', (text, value) => expect(decoded(text)).toEqual({ text: value }))

  it.each(['+5', '007', '1e3', '0x10', '-0', '1.0', '٣', '９', 'ten', '1_0', '--1'])(
    'refuses %s for an integer (section 6)',
    (text) => {
      expect(failureOf(`MOVE ${text} 20`)).toEqual({ code: 'BAD_ARGUMENT', param: 'X' })
      expect(failureOf(`MOVE 10\nY: ${text}`)).toEqual({ code: 'BAD_ARGUMENT', param: 'Y' })
    },
  )

  it('refuses an empty value for an integer (section 6)', () => {
    expect(failureOf('MOVE 10\nY:')).toEqual({ code: 'BAD_ARGUMENT', param: 'Y' })
  })

  it.each([
    ['MOVE 2147483648 0', 'X'],
    ['MOVE 0 -2147483649', 'Y'],
    [`MOVE 0 0 ${'9'.repeat(400)}`, 'Z'],
    [`MOVE 0 0 -${'9'.repeat(400)}`, 'Z'],
    ['MOVE 0 0 0 0', 'Speed'],
    ['MOVE 0 0\nSpeed: 1001', 'Speed'],
    ['COLOR 0 256 0', 'G'],
    ['COLOR 0 0 -1', 'B'],
    ['WAIT 0', 'Timeout'],
    ['WAIT 600001', 'Timeout'],
    ['WAIT\nOp: 0', 'Op'],
    ['WAIT\nOp: 9007199254740992', 'Op'],
    ['TAKEOFF 0', 'Z'],
    ['TAKEOFF -1', 'Z'],
    ['SUBSCRIBE TELEMETRY 0', 'Rate'],
    ['SUBSCRIBE TELEMETRY 51', 'Rate'],
    ['WRITE\nText:', 'Text'],
    [`WRITE ${'x'.repeat(256)}`, 'Text'],
    [`WRITE ${'é'.repeat(128)}`, 'Text'],
  ])('refuses %s, whose %s is out of range (section 6)', (text, param) => {
    expect(failureOf(text)).toEqual({ code: 'OUT_OF_RANGE', param })
  })

  it.each([
    '\u0080',
    '\u0085',
    '\u009b',
    '\u009f',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\u061c',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
  ])('refuses %j in a text that comes back as written (R4)', (character) => {
    for (const text of [character, `a${character}`, `${character}b`, `${'x'.repeat(300)}${character}`]) {
      expect(failureOf(`WRITE ${text}`)).toEqual({ code: 'BAD_ARGUMENT', param: 'Text' })
      expect(failureOf(`WRITE\nText: ${text}`)).toEqual({ code: 'BAD_ARGUMENT', param: 'Text' })
    }
  })

  it.each(['\u00a0', '\u200b', '\u2027', '\u202f', '\u2065', '\u206a', '\ufefe', '\u061b'])(
    'takes %j in a text, beside what it refuses (R4)',
    (character) => expect(decoded(`WRITE ${character}`)).toEqual({ text: character }),
  )

  it('forgets the headers of the message before', () => {
    expect(decoded('MOVE\nX: 1\nY: 2\nSpeed: 3')).toEqual({ x: 1, y: 2, speed: 3 })
    expect(decoded('MOVE 4 5')).toEqual({ x: 4, y: 5, speed: 100 })
  })
})
