import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Message } from '../../src/wire/message.ts'
import { Output } from '../../src/wire/output.ts'
import { parse } from '../../src/wire/parse.ts'
import { writeEnd, writeFailure } from '../../src/wire/reply.ts'
import { decoded } from '../support/decoded.ts'
import { understand } from '../support/outcomes.ts'
import { readStream } from '../support/read-stream.ts'

const RUNS = 5000
/** The reply to a message that does not parse: lines of printable ASCII, each `Key: value`, the Id the last. */
const ERROR_REPLY = /^ERR [A-Z0-9_]+\r\nReason: [ -~]+\r\nFatal: (?:yes|no)\r\n(?:[A-Za-z-]+: [ -~]+\r\n)*\r\n$/

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r\n\r\n',
    '\n\n',
    '\r',
    '\0',
    'MOVE 10 20',
    'WRITE ',
    'X: 1',
    'Id: 7',
    ':',
    ' ',
    '\t',
  ),
)
const bytes = fc.array(piece, { maxLength: 20 }).map((parts) => Buffer.from(parts.join(''), 'latin1'))

describe('any bytes', () => {
  it('are read and parsed without an exception, the same whole and one by one (F5)', () => {
    const property = fc.property(bytes, (stream) => {
      const single = Array.from(stream, (byte) => Uint8Array.of(byte))
      expect(understand(single)).toEqual(understand([stream]))
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('never come back raw in an error, and a reply holds no line more than it has fields (R4)', () => {
    const message = new Message()
    const output = new Output()
    const property = fc.property(bytes, (stream) => {
      readStream([Buffer.concat([stream, Buffer.from('\n\n')])], {}, (buffer, start, end) => {
        const fault = parse(buffer, start, end, message)
        if (fault === undefined) return
        writeFailure(output, fault)
        writeEnd(output, message.hasGoodId() ? message : undefined)
        expect(Buffer.from(output.take()).toString('latin1')).toMatch(ERROR_REPLY)
      })
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it.each(['MOVE', 'WRITE', 'COLOR', 'WAIT', 'HELLO', 'HELP', 'PING'])(
    'can follow %s, and decode does not throw',
    (name) => {
      const rest = fc.array(fc.oneof(piece, fc.constantFrom(' ', '\nText: ', '\nX: ', '\nNote: ')), { maxLength: 12 })
      const property = fc.property(rest, (parts) => {
        expect(decoded(`${name} ${parts.join('')}`)).toBeTypeOf('object')
      })
      fc.assert(property, { numRuns: RUNS / 10 })
    },
  )
})
