import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonBytes } from '../../src/recorder/json-bytes.ts'
import { safeJson } from '../../src/recorder/safe-json.ts'

/** Little room, so that it has to grow. */
function written(write: (to: JsonBytes) => void): string {
  const to = new JsonBytes(1)
  write(to)
  return to.bytes.toString('latin1', 0, to.length)
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
          expect(written((to) => to.string(each))).toBe(safeJson(each))
          expect(written((to) => to.string(Buffer.from(each)))).toBe(safeJson(each))
          expect(JSON.parse(written((to) => to.string(Buffer.from(each))))).toBe(each)
        },
      ),
    )
  })

  it('has every number as JSON has it, also of one that was written before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
        fc.maxSafeInteger(),
        (numbers, integer) => {
          expect(written((to) => numbers.forEach((each) => void to.number(each)))).toBe(
            numbers.map((each) => String(each)).join(''),
          )
          expect(written((to) => to.integer(integer))).toBe(JSON.stringify(integer))
        },
      ),
    )
  })

  it('keeps what stands before, however much is added to it', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]*$/)), (texts) => {
        const all = written((to) => {
          for (const [index, each] of texts.entries()) {
            if (index % 3 === 0) to.ascii(each)
            else if (index % 3 === 1) to.word(each)
            else to.constant(Buffer.from(each))
          }
        })
        expect(all).toBe(texts.join(''))
        expect(
          written((to) => {
            const other = new JsonBytes(1)
            other.ascii(all)
            to.copy(other, 0, all.length)
          }),
        ).toBe(all)
      }),
    )
  })
})
