import { describe, expect, it } from 'vitest'
import { readInteger } from '../../src/commands/integer.ts'

const read = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  return readInteger(bytes, 0, bytes.length)
}

describe('readInteger', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['10', 10],
    ['-1', -1],
    ['-10', -10],
    ['255', 255],
    ['1234567890', 1234567890],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
  ])('reads %s (section 6)', (text, value) => expect(read(text)).toBe(value))

  it.each([
    '+5',
    '007',
    '00',
    '01',
    '-0',
    '-00',
    '-01',
    '1e3',
    '1E3',
    '0x10',
    '0b1',
    '0o7',
    '1_000',
    '1,000',
    '1.0',
    '1.',
    '.5',
    '',
    '-',
    '--1',
    '1-',
    '- 1',
    ' 1',
    '1 ',
    '1 2',
    '1\t',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    '7abc',
    'abc',
    '1n',
    '/',
    ':',
    '1/',
    '1:',
    '٣',
    '９',
    '1９',
    '१',
    '²',
    '−5',
    '\u00a05',
  ])('does not take %j for an integer (section 6)', (text) => expect(read(text)).toBeNaN())

  it.each(['9007199254740992', '99999999999999999999', '9'.repeat(309), '1'.repeat(4000)])(
    'tells that %s is beyond every range, to either side (section 6)',
    (text) => {
      expect(read(text)).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
      expect(read(`-${text}`)).toBeLessThan(Number.MIN_SAFE_INTEGER)
    },
  )

  it.each([`${'9'.repeat(400)}x`, `${'9'.repeat(400)}.0`, `-${'9'.repeat(400)}-`])(
    'judges the form of an integer of whatever length before its range: %s (section 6)',
    (text) => expect(read(text)).toBeNaN(),
  )

  it('reads no byte before its start or from its end on', () => {
    const bytes = Buffer.from('-12-345')
    expect([readInteger(bytes, 1, 3), readInteger(bytes, 0, 2), readInteger(bytes, 3, 6)]).toEqual([12, -1, -34])
    expect([readInteger(bytes, 1, 1), readInteger(bytes, 3, 3), readInteger(bytes, 3, 4)]).toEqual([NaN, NaN, NaN])
  })
})
