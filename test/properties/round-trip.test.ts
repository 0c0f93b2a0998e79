import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from '../../src/wire/format.ts'
import type { PlainMessage } from '../../src/wire/message.ts'
import { arbitraryMessage } from '../support/arbitrary-message.ts'
import { understand } from '../support/outcomes.ts'

const RUNS = 1000
/** As many arguments as a view keeps the places of. */
const MAX_ARGUMENTS = 16

const message = arbitraryMessage({ maxArguments: MAX_ARGUMENTS })
const lineEnd = fc.constantFrom('\r\n', '\n')
const spaces = fc.constantFrom('', ' ', '   ')
const whiteSpace = fc.constantFrom('', ' ', '\t', ' \t \t')

/** The one canonical way to write a message: single spaces, `Key: value`, CR LF. */
const canonical = ({ command, arguments: words, headers }: PlainMessage) =>
  [[command, ...words].join(' '), ...headers.map(([key, value]) => `${key}: ${value}`), '', ''].join('\r\n')

/** Another way to write it, in the freedom that the grammar leaves. */
const written = fc
  .tuple(message, fc.infiniteStream(lineEnd), fc.infiniteStream(spaces), fc.infiniteStream(whiteSpace))
  .map(([plain, ends, gaps, outers]) => {
    const next = (stream: fc.Stream<string>) => stream.next().value ?? ''
    const words = plain.arguments.map((word) => ` ${next(gaps)}${word}`)
    const first = `${plain.command}${words.join('')}${next(gaps)}`
    const lines = plain.headers.map(([key, value]) => `${key}:${next(outers)}${value}${next(outers)}`)
    return { plain, text: [first, ...lines, ''].map((line) => line + next(ends)).join('') }
  })

const read = (bytes: Uint8Array) => understand([bytes])

describe('format and parse', () => {
  it('writes every message in the canonical way', () => {
    const property = fc.property(message, (plain) => {
      expect(Buffer.from(format(plain)).toString()).toBe(canonical(plain))
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('reads every message as it was written', () => {
    const property = fc.property(message, (plain) => {
      expect(read(format(plain))).toEqual([{ message: plain }])
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('reads every way to write a message (section 3), which is canonical once it has been written again', () => {
    const property = fc.property(written, ({ plain, text }) => {
      const [found, ...more] = read(Buffer.from(text))
      expect([found, ...more]).toEqual([{ message: plain }])
      const again = found !== undefined && 'message' in found ? format(found.message) : new Uint8Array(0)
      expect(Buffer.from(again).toString()).toBe(canonical(plain))
      expect(read(again)).toEqual([{ message: plain }])
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('tells apart what is canonical: two messages are written the same only where they are the same', () => {
    const property = fc.property(message, message, (one, other) => {
      const same = Buffer.compare(format(one), format(other)) === 0
      expect(same).toBe(JSON.stringify(one) === JSON.stringify(other))
    })
    fc.assert(property, { numRuns: RUNS })
  })
})
