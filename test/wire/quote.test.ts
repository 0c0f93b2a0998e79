import { describe, expect, it } from 'vitest'
import { quote, quoteText } from '../../src/wire/quote.ts'

const QUOTED_BYTES = 64

describe('quote', () => {
  it.each([
    ['MOVE 10 20', '"MOVE 10 20"'],
    ['', '""'],
    ['a\0b', '"a\\x00b"'],
    ['\t\x10', '"\\x09\\x10"'],
    ['\u0080\u00a0', '"\\xc2\\x80\\xc2\\xa0"'],
    ['é', '"\\xc3\\xa9"'],
  ])('shows %j as %s (R4)', (text, shown) => {
    expect(quoteText(text).toLowerCase()).toBe(shown.toLowerCase())
  })

  it('writes every byte that is not printable ASCII as \\xHH, and every other as it is (R4)', () => {
    for (let byte = 0; byte < 0x100; byte++) {
      const character = String.fromCharCode(byte)
      const shown = quote(Uint8Array.of(byte)).slice(1, -1)
      if (/[ -~]/.test(character)) expect(shown).toBe(character)
      else {
        expect(shown).toMatch(/^\\x[0-9A-Fa-f]{2}$/)
        expect(Number.parseInt(shown.slice(2), 16)).toBe(byte)
      }
    }
  })

  it('shows 64 bytes whole and cuts the 65th, and says so (R4)', () => {
    const whole = 'a'.repeat(QUOTED_BYTES)
    expect(quoteText(whole)).toBe(`"${whole}"`)
    const cut = quoteText(`${whole}b`)
    expect(cut.startsWith(`"${whole}"`)).toBe(true)
    expect(cut).not.toContain('b')
    expect(cut).not.toBe(`"${whole}"`)
  })

  it('counts bytes of input, not characters and not what is shown (R4)', () => {
    const shown = quoteText('é'.repeat(QUOTED_BYTES))
    expect(shown.match(/\\x/g)).toHaveLength(QUOTED_BYTES)
  })

  it('shows a part of the bytes', () => {
    expect(quote(Buffer.from('one two three'), 4, 7)).toBe('"two"')
    expect(quote(Buffer.from(`one ${'2'.repeat(QUOTED_BYTES)} three`), 4, 4 + QUOTED_BYTES)).not.toContain('...')
  })
})
