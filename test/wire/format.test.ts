import { describe, expect, it } from 'vitest'
import { format } from '../../src/wire/format.ts'

const CAP_BYTES = 8192
const MAX_COMMAND = `C${'9'.repeat(31)}`
const MAX_KEY = `K${'9'.repeat(63)}`

type Header = readonly [key: string, value: string]

const text = (command: string, words: readonly string[] = [], headers: readonly Header[] = []) =>
  Buffer.from(format({ command, arguments: words, headers })).toString()

/** Headers that are all different. */
const headers = (count: number): Header[] => Array.from({ length: count }, (_, index) => [`H${index}`, `${index}`])

/** What no line of the grammar holds in a word. */
const FORBIDDEN = ['\0', '\x01', '\b', '\n', '\r', '\x1b', '\x7f', '\r\n']
/** What has no UTF-8. */
const LONE_SURROGATES = ['\ud800', '\udfff', 'a\ud83d', '\ude81a']

describe('format', () => {
  it.each<[string, string, string[], Header[]]>([
    ['PING\r\n\r\n', 'PING', [], []],
    ['MOVE 10 20\r\n\r\n', 'MOVE', ['10', '20'], []],
    [
      'MOVE 10\r\nY: 20\r\nZ: 30\r\n\r\n',
      'MOVE',
      ['10'],
      [
        ['Y', '20'],
        ['Z', '30'],
      ],
    ],
    ['OK MOVING_TO(10, 20)\r\nX: 10\r\n\r\n', 'OK', ['MOVING_TO(10,', '20)'], [['X', '10']]],
    ['A\r\nX: é\t🚁  z\r\n\r\n', 'A', [], [['X', 'é\t🚁  z']]],
    ['A\r\nX: \r\n\r\n', 'A', [], [['X', '']]],
    [`${MAX_COMMAND}\r\n${MAX_KEY}: 1\r\n\r\n`, MAX_COMMAND, [], [[MAX_KEY, '1']]],
  ])('writes %j (section 3)', (expected, ...parts) => expect(text(...parts)).toBe(expected))

  it.each(['', '1A', '-A', '_A', ' A', 'A ', 'A B', 'A:', 'é', 'K\u212a', `${MAX_COMMAND}9`, ...FORBIDDEN])(
    'refuses %j for a command (section 3)',
    (command) => expect(() => text(command)).toThrow(TypeError),
  )

  it.each(['', '1X', '-X', '__proto__', ' X', 'X ', 'X Y', 'X:', 'é', `${MAX_KEY}9`, ...FORBIDDEN])(
    'refuses %j for a key (section 3)',
    (key) => expect(() => text('A', [], [[key, '1']])).toThrow(TypeError),
  )

  it.each(['', ' ', 'a b', 'a\tb', ' a', 'a\t', ...FORBIDDEN, ...LONE_SURROGATES])(
    'refuses %j for an argument (section 3)',
    (word) => expect(() => text('A', ['1', word])).toThrow(TypeError),
  )

  it.each([' ', '\t', ' a', 'a ', '\ta', 'a\t', ...FORBIDDEN, 'é\r', 'a\n\nb', ...LONE_SURROGATES])(
    'refuses %j for a value (section 3)',
    (value) => expect(() => text('A', [], [['X', value]])).toThrow(TypeError),
  )

  it('refuses a key that stands twice without case (G2)', () => {
    expect(() =>
      text(
        'A',
        [],
        [
          ['Key', '1'],
          ['kEY', '2'],
        ],
      ),
    ).toThrow(TypeError)
  })

  it('writes 64 headers and refuses 65 (G2)', () => {
    expect(text('A', [], headers(64)).split('\r\n')).toHaveLength(67)
    expect(() => text('A', [], headers(65))).toThrow(RangeError)
  })

  it('writes 8192 bytes and refuses 8193, counted in bytes (F3)', () => {
    const around = 'A\r\nX: \r\n\r\n'.length
    expect(text('A', [], [['X', 'x'.repeat(CAP_BYTES - around)]])).toHaveLength(CAP_BYTES)
    expect(() => text('A', [], [['X', 'x'.repeat(CAP_BYTES - around + 1)]])).toThrow(RangeError)
    expect(() => text('A', [], [['X', 'é'.repeat(CAP_BYTES / 2)]])).toThrow(RangeError)
  })
})
