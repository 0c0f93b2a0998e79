import { describe, expect, it } from 'vitest'
import { Output } from '../../src/wire/output.ts'
import { template } from '../../src/wire/template.ts'

/** More than the buffer that an output begins with. */
const MANY_BYTES = 200_000

const taken = (output: Output) => Buffer.from(output.take()).toString()

function written(write: (output: Output) => void): string {
  const output = new Output()
  write(output)
  return taken(output)
}

describe('Output', () => {
  it.each([
    0,
    1,
    9,
    10,
    99,
    100,
    255,
    999_999_999,
    1_000_000_000,
    2_147_483_647,
    2_147_483_648,
    4_294_967_296,
    -1,
    -9,
    -10,
    -2_147_483_647,
    -2_147_483_648,
    -2_147_483_649,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('writes %i in decimal', (value) => {
    expect(written((output) => output.integer(value))).toBe(value.toString())
  })

  it('writes every integer of up to four digits in decimal', () => {
    const values = Array.from({ length: 20_000 }, (_, index) => index - 10_000)
    const text = written((output) => {
      for (const value of values) output.integer(value)
    })
    expect(text === values.join('')).toBe(true)
  })

  it('writes minus zero as 0, which is the only zero there is (section 6)', () => {
    expect(written((output) => output.integer(-0))).toBe('0')
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53])('refuses %d', (value) => {
    expect(() => new Output().integer(value)).toThrow(TypeError)
  })

  it.each(['plain', '', 'grün', '日本', '🚁', 'a\tb'])('writes %j as UTF-8', (text) => {
    expect(written((output) => output.text(text))).toBe(text)
  })

  it.each(['\r', '\n', '\0'])(
    'throws at a field that holds %j, wherever in it, and writes nothing of it (R4)',
    (bad) => {
      const output = new Output()
      output.text('before')
      for (const field of [bad, `${bad}a`, `a${bad}`, `é${bad}`, `${bad}é`, `a${bad}é`]) {
        expect(() => output.text(field)).toThrow(TypeError)
      }
      expect(taken(output)).toBe('before')
    },
  )

  it('appends bytes, and parts of bytes', () => {
    const source = Buffer.from('0123456789')
    const text = written((output) => {
      output.bytes(source)
      output.range(source, 7, source.length)
      output.range(source, 2, 4)
    })
    expect(text).toBe('012345678978923')
  })

  it.each<[string, (output: Output) => void, string]>([
    ['bytes', (output) => output.bytes(Buffer.from('0123456789')), '0123456789'],
    ['text', (output) => output.text('0123456789'), '0123456789'],
    ['text beyond ASCII', (output) => output.text('🚁'), '🚁'],
    ['integers', (output) => output.integer(-1234567), '-1234567'],
    ['long integers', (output) => output.integer(-12345678901), '-12345678901'],
  ])('grows with %s, and keeps what it holds', (_, write, text) => {
    const count = Math.ceil(MANY_BYTES / text.length)
    const all = written((output) => {
      for (let i = 0; i < count; i++) write(output)
    })
    expect(all === text.repeat(count)).toBe(true)
  })

  it.each([0, 999, 1000, -2_147_483_647, 2 ** 53 - 1, 'a text of any length'])(
    'writes a template with %j however little room is left for it',
    (value) => {
      const whole = template(
        [
          { text: 'first ', value: 0 },
          { text: '', value: 1 },
          { text: ', ', value: 0 },
        ],
        '.',
      )
      for (let bytes = 0; bytes < 100; bytes++) {
        const output = new Output(bytes)
        output.text('before ')
        output.template(whole, [value, 7])
        expect(taken(output)).toBe(`before first ${value}7, ${value}.`)
      }
    },
  )

  it('takes a field that is longer than its buffer', () => {
    const text = 'é'.repeat(MANY_BYTES)
    expect(written((output) => output.text(text)) === text).toBe(true)
  })

  it('begins anew once it is taken', () => {
    const output = new Output()
    output.text('one')
    expect(output.length).toBe(3)
    expect(taken(output)).toBe('one')
    expect(output.length).toBe(0)
    output.text('two')
    expect(taken(output)).toBe('two')
  })

  it('leaves what was taken alone once it has disowned it', () => {
    const output = new Output()
    output.text('one')
    const first = output.take()
    output.disown()
    output.text('two')
    expect(Buffer.from(first).toString()).toBe('one')
    expect(taken(output)).toBe('two')
  })

  it('forgets what was written since a length', () => {
    const output = new Output()
    output.text('kept')
    const { length } = output
    output.text(' and not')
    output.endAt(length)
    output.text('!')
    expect(taken(output)).toBe('kept!')
  })
})
