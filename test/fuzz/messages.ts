import fc from 'fast-check'
import type { Sent } from '../support/session-model.ts'
import { BROKEN_TEXT } from './driven-session.ts'

/** A message as bytes, in latin1, and as the model takes it. */
export interface Spoken {
  readonly text: string
  readonly sent: Sent
}

export const TOKEN = 's3cret'
const MAX_HEADERS = 64
const OVER_CAP = 'x'.repeat(9000)

type Row = readonly [text: string, sent: Sent]
const good = (command: string, says: string, ...texts: readonly string[]): Row[] =>
  texts.map((text) => [text, { command, says }])
const badly = (command: string, params: string, ...texts: readonly string[]): Row[] =>
  texts.map((text) => [text, { command, params, says: '' }])
const faulty = (fault: string, ...texts: readonly string[]): Row[] =>
  texts.map((text) => [text, { command: '', fault, says: '' }])
const fatal = (fault: string, ...texts: readonly string[]): Row[] =>
  texts.map((text) => [text, { command: '', fault, fatal: true, says: '' }])

const manyHeaders = Array.from({ length: MAX_HEADERS + 1 }, (_, index) => `\nX-${index}: 1`).join('')

/** Messages without their empty line, and what is known of each by sections 3, 4 and 6. */
const GOOD: readonly Row[] = [
  ...good(
    'HELLO',
    'AUTH_OK',
    `HELLO ${TOKEN}`,
    `hello\nToken:${TOKEN}\nVersion: 1`,
    `HELLO\nClient: me\ntoken: ${TOKEN}\t`,
  ),
  ...good('PING', 'PONG', 'PING', 'ping  \nNote: a b\nX-Trace: 1', 'Ping\nx-constructor: \nX-__proto__: 1'),
  ...good('HELP', 'HELP', 'HELP', 'HELP move', 'help\nCommand: EXIT'),
  ...good('MOVE', 'MOVING_TO', 'MOVE 10 20', 'move\nY: 0\nX:-2147483648', 'MOVE 1\nY: 2\nZ: 3\nspeed: 1000'),
  ...good('WRITE', 'WRITTEN', 'WRITE hello,  world', 'WRITE\nText: \xc3\xa9', `WRITE ${'x'.repeat(255)}`),
  ...good('CHANGECOLOR', 'COLOR_CHANGED', 'CHANGECOLOR 0 1 255', 'color 1 2\nB: 3'),
  ...good('STATUS', 'STATUS', 'STATUS'),
  ...good('WAIT', '', 'WAIT', 'WAIT 1', 'wait\nTimeout: 600000'),
]
const SOFT: readonly Row[] = [
  ...good('HELLO', 'VERSION_UNSUPPORTED', `HELLO ${TOKEN} 2`, 'HELLO wrong\nVersion: 0'),
  ...badly('HELLO', 'BAD_ARGUMENT', `HELLO ${TOKEN} one`, `HELLO ${TOKEN}\nToken: ${TOKEN}`),
  ...badly('HELLO', 'UNKNOWN_HEADER', 'HELLO\nTokn: x'),
  ...badly('HELLO', 'TOO_MANY_ARGUMENTS', `HELLO ${TOKEN} 1 me too`),
  ...badly('PING', 'TOO_MANY_ARGUMENTS', 'PING now'),
  ...badly('PING', 'UNKNOWN_HEADER', 'PING now\nX: 1', 'PING\nXY-Trace: 1'),
  ...good('HELP', 'BAD_ARGUMENT', 'HELP FLY', 'HELP __proto__'),
  ...badly('QUIT', 'TOO_MANY_ARGUMENTS', 'QUIT now'),
  ...badly('MOVE', 'MISSING_ARGUMENT', 'MOVE 10', 'MOVE\nY: far'),
  ...badly(
    'MOVE',
    'BAD_ARGUMENT',
    'MOVE 10 far',
    'MOVE +1 2',
    'MOVE 1 2\nX: 1',
    'MOVE 007 2147483648',
    'MOVE 1 \xef\xbc\x99',
  ),
  ...badly('MOVE', 'OUT_OF_RANGE', 'MOVE 10 2147483648', `MOVE 1 -${'9'.repeat(400)}`, 'MOVE 1 2 3 0'),
  ...badly('MOVE', 'TOO_MANY_ARGUMENTS', 'MOVE 1 2 3 4 5'),
  ...badly('MOVE', 'UNKNOWN_HEADER', 'MOVE 1 2 3 4 5\nSped: 9', 'MOVE\nconstructor: 1'),
  ...badly('WRITE', 'MISSING_ARGUMENT', 'WRITE'),
  ...badly('WRITE', 'OUT_OF_RANGE', 'WRITE\nText:', `WRITE ${'\xc3\xa9'.repeat(128)}`),
  ...badly('WRITE', 'BAD_ARGUMENT', 'WRITE a\xe2\x80\xa8b', 'WRITE\nText: \xef\xbb\xbf'),
  ...good('WRITE', 'INTERNAL', `WRITE ${BROKEN_TEXT}`),
  ...badly('CHANGECOLOR', 'OUT_OF_RANGE', 'COLOR 256 0 0', 'CHANGECOLOR 0 0 -1'),
  ...badly('STATUS', 'TOO_MANY_ARGUMENTS', 'STATUS now'),
  ...badly('WAIT', 'OUT_OF_RANGE', 'WAIT 0', 'WAIT 600001', 'WAIT 2147483648'),
  ...badly('WAIT', 'BAD_ARGUMENT', 'WAIT 1e3'),
  ...faulty(
    'UNKNOWN_COMMAND',
    'FLY',
    'constructor',
    'toString 1 2',
    'TELEPORT\nX: 1',
    'GET / HTTP/1.1 extra',
    'GET / HTTP/x',
  ),
  ...badly('PING', 'TOO_MANY_ARGUMENTS', 'PING / HTTP/1.1'),
  ...badly('MOVE', 'BAD_ARGUMENT', 'MOVE 1 HTTP/1.1'),
  ...faulty('PARSE', 'PING\nno colon', ' PING', 'PING\n folded: x', 'PING\nX : 1', '9', '__proto__', 'MOVE\t1 2'),
  ...faulty('PARSE', 'PING\nNote: \x07', 'PING\n: v', '\x1b[A', '\xef\xbb\xbfPING', `PING\n${'k'.repeat(65)}: 1`),
  ...faulty('DUPLICATE_HEADER', 'MOVE\nX: 1\nx: 2', 'FLY\nA: 1\na: 1'),
  ...faulty('TOO_MANY_HEADERS', `PING${manyHeaders}`, `FLY${manyHeaders}\nX-0: 1`),
]
const WRONG_TOKEN: readonly Row[] = good('HELLO', 'AUTH_FAILED', 'HELLO wrong', 'HELLO', `HELLO\nToken: ${TOKEN}x`)
const LAST: readonly Row[] = [
  ...good('QUIT', 'BYE', 'QUIT', 'exit'),
  ...fatal('PARSE', 'PING\nNote: a\rb', 'PING\nNote: \0', 'FLY \0', ' \r\r'),
  ...fatal('INVALID_UTF8', 'PING\nNote: \xff', 'FLY \xed\xa0\x80', '\xff\xf4\xff\xfd\x06'),
  ...fatal('MESSAGE_TOO_BIG', `PING\nNote: ${OVER_CAP}`, `${'a: b\n'.repeat(2000)}`),
  ['GET / HTTP/1.1\nHost: x', { command: '', strange: true, says: '' }],
  ['POST /a HTTP/1.0\nbad', { command: '', strange: true, says: '' }],
  ['move /a HTTP/1.1', { command: '', strange: true, says: '' }],
]

/** Where the Id stands: nowhere, first or last among the headers; well or badly made. */
const ids = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 4 },
  {
    arbitrary: fc.record({ first: fc.boolean(), id: fc.constantFrom('7', 'a.b_c:d-E', 'z'.repeat(64)) }),
    weight: 3,
  },
  fc.record({ first: fc.boolean(), id: fc.constantFrom('', 'a b', 'z'.repeat(65), '\xc3\xa9', '"') }),
)
const GOOD_ID = /^[A-Za-z0-9._:-]{1,64}$/

/** Any message, most of them such that the session goes on. */
export const messages = (hasToken: boolean): fc.Arbitrary<Spoken> =>
  fc
    .tuple(
      fc.oneof(
        { arbitrary: fc.constantFrom(...GOOD), weight: 12 },
        { arbitrary: fc.constantFrom(...SOFT), weight: 12 },
        { arbitrary: fc.constantFrom(...WRONG_TOKEN), weight: 2 },
        { arbitrary: fc.constantFrom(...LAST), weight: 1 },
      ),
      ids,
      fc.constantFrom('\n', '\r\n'),
    )
    .map(([[text, row], withId, end]) => {
      const [first = '', ...headers] = text.split('\n')
      const idLines = withId === undefined ? [] : [`Id: ${withId.id}`]
      const lines = withId?.first ? [first, ...idLines, ...headers] : [first, ...headers, ...idLines]
      // Where there is no token, any will do.
      const says = row.says === 'AUTH_FAILED' && !hasToken ? 'AUTH_OK' : row.says
      return { text: [...lines, '', ''].join(end), sent: { ...row, says, ...idOf(withId?.id) } }
    })

const idOf = (id: string | undefined): Pick<Sent, 'id' | 'badId'> => {
  if (id === undefined) return {}
  return GOOD_ID.test(id) ? { id } : { badId: true }
}
