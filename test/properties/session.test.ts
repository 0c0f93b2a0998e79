import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut } from '../support/cuttings.ts'
import { play } from '../support/play.ts'

/** Pieces that a hostile, clumsy or honest client might send, so that the deep states are reached, and any bytes. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'HELLO\n\n',
      'HELLO\r\n\r\n',
      'HELLO s3cret\n\n',
      'PING\n\n',
      'MOVE 1 2\n\n',
      'WAIT 5\n\n',
      'QUIT\n\n',
      'FLY\n\n',
    ],
    ...[
      'MOVE\nX: 1\nY: 2\nId: 7\n\n',
      'WRITE \u2028\n\n',
      'HELP MVOE\n\n',
      'STATUS\nX\n\n',
      '\n',
      '\r\n',
      '\r',
      'Id: 9\n',
    ],
    ...[
      'GET / HTTP/1.1\r\n\r\n',
      '\x16\x03\x01',
      'PING\nNote: \x00\n\n',
      'PING\nNote: \x07\n\n',
      ' \n',
      ':\n',
      `${'a'.repeat(9000)}`,
    ],
  ),
  fc.string({ maxLength: 20 }),
)
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
)
const cuts = fc.array(fc.nat(2000), { maxLength: 8 }).map((places) => places.sort((a, b) => a - b))
const options = fc.record({
  token: fc.option(fc.constant('s3cret'), { nil: undefined }),
  strictCrlf: fc.boolean(),
})

/** The answer to the bytes, cut at the places. */
const answerTo = async (
  input: Buffer,
  places: readonly number[],
  { token, strictCrlf }: { token: string | undefined; strictCrlf: boolean },
) => (await play(cut(input, places), { strictCrlf, ...(token !== undefined && { token }) })).toString('latin1')

it('any bytes: never throws, never more than one fatal reply, and nothing behind it (R3)', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, cuts, options, async (input, places, settings) => {
      const answer = await answerTo(input, places, settings)
      const messages = answer.split('\r\n\r\n')
      expect(messages.pop()).toBe('')
      const last = messages.findIndex((message) => message.includes('\r\nFatal: yes') || message.startsWith('OK BYE'))
      if (last >= 0) expect(last).toBe(messages.length - 1)
      for (const message of messages)
        expect(message).toMatch(/^(OK|ERR) [^\r\n]*(\r\n[A-Za-z][A-Za-z0-9_-]*: [^\r\n]*)*$/)
    }),
    { numRuns: 400 },
  )
})

it('any bytes: are answered the same however they are cut (F5)', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, cuts, options, async (input, places, settings) => {
      expect(await answerTo(input, places, settings)).toBe(await answerTo(input, [], settings))
    }),
    { numRuns: 400 },
  )
})

it('any bytes: a client’s own are never sent back raw (R4)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), cuts, async (array, places) => {
      const answer = await answerTo(Buffer.concat([Buffer.from('HELLO\n\n'), array, Buffer.from('\n\n')]), places, {
        token: undefined,
        strictCrlf: false,
      })
      expect(answer).toMatch(/^[\r\n\x20-\x7e]*$/)
    }),
    { numRuns: 300 },
  )
})
