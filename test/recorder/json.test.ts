import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeAscii, writeMilliseconds, writeString } from '../../src/recorder/json.ts'
import { safeJson } from '../../src/recorder/safe-json.ts'
import { Output } from '../../src/wire/output.ts'
import { spanOf } from '../../src/wire/span.ts'

/** Little room, so that it has to grow. */
function written(write: (to: Output) => void): string {
  const to = new Output(1)
  write(to)
  return Buffer.from(to.take()).toString('latin1')
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\r', '\n', '\t', '\0', '\x7f', 'é', '🚁', '\u2028') }),
)

describe('JSON put together as bytes', () => {
  it('is what JSON says of the same text, whether that comes as a string or as its UTF-8', () => {
    fc.assert(
      fc.property(
        text.filter((each) => each.isWellFormed()),
        (each) => {
          expect(written((to) => writeString(to, each))).toBe(safeJson(each))
          expect(written((to) => writeString(to, spanOf(Buffer.from(each))))).toBe(safeJson(each))
          expect(JSON.parse(written((to) => writeString(to, spanOf(Buffer.from(each)))))).toBe(each)
        },
      ),
    )
  })

  it('has milliseconds such that JSON reads the same number', () => {
    const ms = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 2 ** 50 }).map((ns) => ns / 1e6),
      fc.nat(),
      fc.constantFrom(0, 0.000001, 0.999999, 1.5, 2 ** 31 - 1, 2 ** 31 - 0.5, 2 ** 31, 0.9999999),
    )
    fc.assert(
      fc.property(ms, (each) => {
        const text = written((to) => writeMilliseconds(to, each))
        // JSON knows no -0.
        expect(JSON.parse(text)).toBe(each === 0 ? 0 : each)
      }),
    )
  })

  it('keeps what stands before, however much is added to it', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]*$/)), (texts) => {
        const all = written((to) => {
          for (const [index, each] of texts.entries()) {
            if (index % 2 === 0) writeAscii(to, each)
            else writeString(to, each)
          }
        })
        expect(all).toBe(texts.map((each, index) => (index % 2 === 0 ? each : safeJson(each))).join(''))
      }),
    )
  })
})
