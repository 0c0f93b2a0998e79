import { expect, it } from 'vitest'
import { framedWire } from '../../src/wire/framed-wire.ts'
import { Output } from '../../src/wire/output.ts'
import { ReplyFormat } from '../../src/wire/reply.ts'

const format = new ReplyFormat({ summary: 'AT', shown: ['X', 'Y'], headers: ['X', 'Y'], open: false })

function written(values: Readonly<Record<string, number>>): string {
  const output = new Output()
  framedWire().writeReply(output, format, values, undefined)
  return Buffer.from(output.take()).toString('latin1')
}

it('writes the words of a reply behind their length, without a value that is not there', () => {
  expect(written({ x: -1, y: 20 })).toBe(`${String.fromCharCode(11)}\0\0\0\0AT(-1, 20)`)
  expect(written({ x: 7 })).toBe(`${String.fromCharCode(6)}\0\0\0\0AT(7)`)
})

it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'throws at %d, which is no integer, as the text wire does (R4)',
  (x) => {
    expect(() => written({ x })).toThrow(TypeError)
  },
)
