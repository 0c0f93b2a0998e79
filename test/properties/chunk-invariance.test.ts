import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Reading, readStream } from '../support/read-stream.ts'

const CAP_BYTES = 8192
const RUNS = 2000

/**
 * What a stream of bytes, as latin1, comes to, seen whole and by other means than the reader's: empty lines are
 * stripped (F4), then a message reaches to its first empty line (F1) and has at most 8192 bytes (F3). With strict CR LF
 * all ends where the first bare LF stands (F2).
 */
function oracle(stream: string, strictCrlf: boolean): Reading {
  const bareLf = strictCrlf ? stream.search(/(?<!\r)\n/) : -1
  let rest = bareLf < 0 ? stream : stream.slice(0, bareLf)
  const messages: string[] = []
  for (;;) {
    rest = rest.replace(/^(?:\r?\n)+/, '')
    const boundary = /\n\r?\n/.exec(rest)
    const length = boundary === null ? rest.length : boundary.index + boundary[0].length
    if (length > CAP_BYTES) return { messages, end: 'MESSAGE_TOO_BIG' }
    if (boundary === null) break
    messages.push(rest.slice(0, length))
    rest = rest.slice(length)
  }
  if (bareLf >= 0) return { messages, end: rest.length < CAP_BYTES ? 'BARE_LF' : 'MESSAGE_TOO_BIG' }
  return { messages, end: rest === '' ? 'between messages' : 'within a message' }
}

/** The stream in as many pieces as there are cuts, and one more; a cut is taken modulo the length. */
function cutAt(stream: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(stream, 'latin1')
  const places = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b)
  return [0, ...places].map((place, index) => bytes.subarray(place, places[index] ?? bytes.length))
}

const lineEnd = fc.constantFrom('\r\n', '\n', '\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n', '\r', '\r\r\n', '\r\r\n\r\n')
const crlf = fc.constantFrom('\r\n', '\r\n\r\n')
const text = fc.constantFrom('A', 'PING', 'X: 1', ' ', '\t', ':', '\0', '\xff', 'Note: two words')
/** A run of text that leaves a message near the cap. */
const bulk = fc.integer({ min: CAP_BYTES - 12, max: CAP_BYTES + 2 }).map((bytes) => 'x'.repeat(bytes))

const streamOf = (...pieces: fc.MaybeWeightedArbitrary<string>[]) =>
  fc.array(fc.oneof(...pieces), { maxLength: 24 }).map((parts) => parts.join(''))
const cuts = fc.array(fc.nat({ max: 4 * CAP_BYTES }), { maxLength: 12 })

const streams: readonly [what: string, stream: fc.Arbitrary<string>][] = [
  ['short lines and line ends of all kinds', streamOf(lineEnd, text)],
  [
    'lines that mostly end with CR LF',
    streamOf({ arbitrary: crlf, weight: 20 }, { arbitrary: text, weight: 20 }, lineEnd),
  ],
  [
    'messages about as long as the cap',
    streamOf({ arbitrary: bulk, weight: 1 }, { arbitrary: lineEnd, weight: 6 }, { arbitrary: text, weight: 3 }),
  ],
  ['bytes at random', fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('latin1'))],
]

describe.each([false, true])('a reader with strictCrlf %j', (strictCrlf) => {
  it.each(streams)('finds what there is in %s, however they are cut into reads (F1 to F5)', (_, stream) => {
    const property = fc.property(stream, cuts, (whole, places) => {
      expect(readStream(cutAt(whole, places), { strictCrlf })).toEqual(oracle(whole, strictCrlf))
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('finds what there is in short streams, one byte at a time (F5)', () => {
    const property = fc.property(streamOf(lineEnd, text), (whole) => {
      const bytes = Array.from(Buffer.from(whole, 'latin1'), (byte) => Uint8Array.of(byte))
      expect(readStream(bytes, { strictCrlf })).toEqual(oracle(whole, strictCrlf))
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it.each([CAP_BYTES - 1, CAP_BYTES, CAP_BYTES + 1])('agrees on what is %i bytes long (F3)', (bytes) => {
    for (const boundary of ['\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n', 'x\r\n', 'x\n', '\r', 'x']) {
      const whole = 'x'.repeat(bytes - boundary.length) + boundary
      for (let cut = bytes - boundary.length - 1; cut <= bytes; cut++) {
        expect(readStream(cutAt(whole, [cut]), { strictCrlf })).toEqual(oracle(whole, strictCrlf))
      }
    }
  })
})

describe('every stream of up to seven of the bytes that matter', () => {
  it.each([false, true])('is read as it should be, strictCrlf %j (F1, F2, F4)', (strictCrlf) => {
    let shorter = ['']
    for (let length = 1; length <= 7; length++) {
      shorter = shorter.flatMap((start) => ['\r', '\n', 'A'].map((byte) => start + byte))
      for (const whole of shorter) {
        const expected = oracle(whole, strictCrlf)
        for (const places of [[], [1], [2, 4], [1, 2, 3, 4, 5, 6]]) {
          expect(readStream(cutAt(whole, places), { strictCrlf })).toEqual(expected)
        }
      }
    }
  })
})
