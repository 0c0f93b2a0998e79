import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { dialFramed, frame, framedAnswers, lengthOf, move, ok, quit, wordOf, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'

const MAX_FRAME_BYTES = 8192
const payload = (...bytes: number[]) => frame(Buffer.from(bytes))

const MISTAKES = [
  { what: 'a frame of no bytes', bytes: payload(), says: /^PARSE: Empty message/ },
  { what: 'a Move without fields', bytes: payload(1), says: /^PARSE: Move too short\b/ },
  { what: 'a Move with x alone', bytes: payload(1, 0, 0, 0, 0), says: /^PARSE: Move too short\b/ },
  {
    what: 'a Move that lacks its last byte',
    bytes: payload(1, ...new Array(7).fill(0)),
    says: /^PARSE: Move too short/,
  },
  { what: 'a Move with a byte more', bytes: payload(1, ...new Array(9).fill(0)), says: /^PARSE: .*\b1 trailing byte/ },
  { what: 'a Write without a length', bytes: payload(2), says: /^PARSE: Write too short\b/ },
  { what: 'a Write without its text', bytes: payload(2, 1), says: /^PARSE: Write payload truncated\b/ },
  { what: 'a Write with a part of its text', bytes: payload(2, 3, 65, 66), says: /^PARSE: Write payload truncated\b/ },
  {
    what: 'a Write with bytes behind its text',
    bytes: payload(2, 1, 65, 66, 67),
    says: /^PARSE: .*\b2 trailing bytes/,
  },
  { what: 'a truncated Write whose bytes are no UTF-8', bytes: payload(2, 3, 0xff), says: /^PARSE: .*truncated/ },
  { what: 'a ChangeColor without fields', bytes: payload(3), says: /^PARSE: ChangeColor too short\b/ },
  { what: 'a ChangeColor without blue', bytes: payload(3, 1, 2), says: /^PARSE: ChangeColor too short\b/ },
  { what: 'a ChangeColor with a byte more', bytes: payload(3, 1, 2, 3, 4), says: /^PARSE: .*\b1 trailing byte/ },
  { what: 'a Quit with a byte more', bytes: payload(0, 0), says: /^PARSE: .*\b1 trailing byte/ },
  { what: 'a discriminant of 4', bytes: payload(4), says: /^PARSE: Unknown discriminant 4\b/ },
  { what: 'a discriminant of 255', bytes: payload(255, 1, 2), says: /^PARSE: Unknown discriminant 255\b/ },
  {
    what: 'a frame of 8192 bytes',
    bytes: frame(Buffer.alloc(MAX_FRAME_BYTES)),
    says: /^PARSE: .*\b8191 trailing bytes/,
  },
]

describe('a mistake within a whole frame', () => {
  it.each(MISTAKES)('is named, and the session goes on: $what', async ({ bytes, says }) => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    const [hello, mistake, ...rest] = await client.finish(write('HELLO'), bytes, move(1, 2), quit())
    expect(hello).toEqual(ok('AUTH_OK'))
    expect(mistake).toEqual({ ok: false, text: expect.stringMatching(says) })
    expect(rest).toEqual(['MOVING_TO(1, 2)', 'BYE'].map(ok))
  })

  it.each(MISTAKES)(
    'is named before the handshake too, since grammar comes before state (R7): $what',
    async (mistake) => {
      const { framed } = await startWires()
      const client = await dialFramed(framed)
      const answers = await client.finish(mistake.bytes, write('HELLO'))
      expect(answers).toEqual([{ ok: false, text: expect.stringMatching(mistake.says) }, ok('AUTH_OK')])
    },
  )

  it('is counted: the tenth in a row ends the session, and a good message begins the count anew', async () => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    const nine = new Array(9).fill(payload(4))
    const answers = await client.finish(write('HELLO'), ...nine, move(1, 2), ...nine, payload(), move(3, 4))
    const words = answers.map(wordOf)
    const mistakes = new Array(9).fill('PARSE')
    expect(words).toEqual(['AUTH_OK', ...mistakes, 'MOVING_TO(1, 2)', ...mistakes, 'TOO_MANY_ERRORS'])
  })
})

describe('a text that is not valid UTF-8', () => {
  it.each([
    { what: 'a byte that no UTF-8 has', text: [97, 98, 0xff, 99], at: 2 },
    { what: 'a character that is cut off at the end', text: [0xe2, 0x82], at: 0 },
    { what: 'an overlong slash', text: [97, 0xc0, 0xaf], at: 1 },
    { what: 'a surrogate', text: [0xc3, 0xa4, 0xed, 0xa0, 0x80], at: 2 },
    { what: 'a continuation alone', text: [97, 98, 99, 0x80], at: 3 },
  ])('ends the session, and the answer says where: $what', async ({ text, at }) => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    const answers = await client.finish(write('HELLO'), write(Buffer.from(text)), move(1, 2))
    expect(answers).toHaveLength(2)
    expect(answers[1]).toEqual({ ok: false, text: expect.stringMatching(new RegExp(`^INVALID_UTF8: .*\\b${at}\\b`)) })
  })
})

describe('a length over the maximum', () => {
  it.each([
    { length: MAX_FRAME_BYTES + 1 },
    { length: 10_000_000 },
    { length: 0x7fffffff },
    { length: 0x80000000 },
    { length: 0xffffffff },
  ])('is refused at its fourth byte, before anything more has come: $length', async ({ length }) => {
    const { server, peerOf } = await startScene()
    const address = await server.listen({ ...at(0), wire: 'framed' })
    const pilot = await Pilot.dial(address)
    const peer = await peerOf(pilot)
    const hello = write('HELLO')
    pilot.socket.write(Buffer.concat([hello, lengthOf(length).subarray(0, 3)]))
    await until(() => peer.bytesRead === hello.length + 3 && pilot.received.length > 0)
    expect(peer.writableEnded).toBe(false)
    pilot.socket.write(lengthOf(length).subarray(3))
    expect(framedAnswers(Buffer.from(await pilot.ended, 'latin1'))).toEqual([
      ok('AUTH_OK'),
      { ok: false, text: `MESSAGE_TOO_BIG: Frame length ${length} is over the maximum of ${MAX_FRAME_BYTES}` },
    ])
  })

  it('is fatal: nothing that follows is run (R3)', async () => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    const answers = await client.finish(write('HELLO'), lengthOf(MAX_FRAME_BYTES + 1), move(1, 2), quit())
    expect(answers.map(wordOf)).toEqual(['AUTH_OK', 'MESSAGE_TOO_BIG'])
  })
})
