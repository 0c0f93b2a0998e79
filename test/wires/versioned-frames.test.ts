import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { at, startWires } from './support/start-wires.ts'
import {
  dialVersioned,
  firstLine,
  headerIn,
  headerOf,
  versioned,
  versionedAnswers,
} from './support/versioned-client.ts'

const MAX_CONTENT_BYTES = 8192
const MAX_U16 = 65_535
const PING = versioned('PING')

/** The first lines of all answers to some frames, but for the greeting. */
async function answersTo(...frames: readonly Buffer[]): Promise<(string | undefined)[]> {
  const wires = await startWires()
  const client = await dialVersioned(wires.versioned)
  return (await client.finish(...frames)).slice(1)
}

const ping = (contentBytes: number) => versioned(`PING\nNote: ${'x'.repeat(contentBytes - 'PING\nNote: '.length)}`)

describe('the content of a frame', () => {
  it.each(['PING', 'ping', 'PING\r\n', 'PING\n', 'PING\r\n\r\n', 'PING\n\n', 'PING  '])(
    'is one message, with or without its last line end and its empty line: %j',
    async (content) => {
      expect(await answersTo(versioned(content), PING)).toEqual(['OK PONG', 'OK PONG'])
    },
  )

  it.each([
    'PING\n\nPING',
    'PING\r\n\r\nId: 1',
    'PING\n\nPING\n\n',
    'PING\nNote: 1\n\nNote: 2',
    '',
    'PING\nNote : x',
    'PING\nx',
  ])('is PARSE where it is no message, and none of it is run: %j', async (content) => {
    const [refused, ...rest] = await answersTo(versioned(content), PING)
    expect(refused).toMatch(/^ERR PARSE\r\nReason: [^\r\n]+\r\nFatal: no(?:\r\n[A-Z][a-z]*: [^\r\n]+)*$/)
    expect(rest).toEqual(['OK PONG'])
  })

  it.each([
    { what: 'invalid UTF-8', content: Buffer.from('PING\nNote: \xff', 'latin1'), code: 'INVALID_UTF8' },
    { what: 'a character cut off at its end', content: Buffer.from([0x50, 0xe2, 0x82]), code: 'INVALID_UTF8' },
    { what: 'a NUL', content: Buffer.from('PING\nNote: \0'), code: 'PARSE' },
    { what: 'a lone CR', content: Buffer.from('PING\rPING'), code: 'PARSE' },
  ])('is fatal where it holds $what (F2, F6)', async ({ content, code }) => {
    const answers = await answersTo(PING, versioned(content), PING)
    expect(answers.map(firstLine)).toEqual(['OK PONG', `ERR ${code}`])
    expect(headerIn(answers[1], 'Fatal')).toBe('yes')
  })

  it.each([MAX_CONTENT_BYTES - 1, MAX_CONTENT_BYTES])('may be %i bytes long (F3)', async (bytes) => {
    expect(await answersTo(ping(bytes), PING)).toEqual(['OK PONG', 'OK PONG'])
  })

  it.each([MAX_CONTENT_BYTES + 1, MAX_U16])(
    'of %i bytes is refused at its header, before any of it (F3)',
    async (bytes) => {
      const { server, peerOf } = await startScene()
      const pilot = await Pilot.dial(await server.listen({ ...at(0), wire: 'versioned' }))
      const peer = await peerOf(pilot)
      pilot.socket.write(Buffer.concat([PING, headerOf(bytes).subarray(0, 2)]))
      await until(() => peer.bytesRead === PING.length + 2 && pilot.received.includes('OK PONG'))
      expect(peer.writableEnded).toBe(false)
      pilot.socket.write(headerOf(bytes).subarray(2))
      const answers = versionedAnswers(Buffer.from(await pilot.ended, 'latin1')).slice(1)
      expect(answers.map(firstLine)).toEqual(['OK PONG', 'ERR MESSAGE_TOO_BIG'])
      expect(headerIn(answers[1], 'Fatal')).toBe('yes')
    },
  )

  it('that is too big is fatal: nothing that follows is run (R3)', async () => {
    const answers = await answersTo(ping(MAX_CONTENT_BYTES + 1), PING)
    expect(answers.map(firstLine)).toEqual(['ERR MESSAGE_TOO_BIG'])
  })
})

describe('mistakes', () => {
  it('do not end the session, and carry the Id of their command (R2)', async () => {
    const contents = ['FLY\nId: a', 'MOVE 1 2\nId: b', 'HELLO', 'MOVE 1 two\nId: c', 'HELLO\nId: d', 'MOVE 1 2\nId: e']
    const answers = await answersTo(...contents.map((content) => versioned(content)))
    expect(answers.map((answer) => [firstLine(answer), headerIn(answer, 'Id')])).toEqual([
      ['ERR UNKNOWN_COMMAND', 'a'],
      ['ERR EXPECTED_HANDSHAKE', 'b'],
      ['OK AUTH_OK', undefined],
      ['ERR BAD_ARGUMENT', 'c'],
      ['ERR WRONG_STATE', 'd'],
      ['OK MOVING_TO(1, 2)', 'e'],
    ])
  })

  it.each(['', 'PING\n\nPING', '\x07'])('of a frame carry no Id of the message before it (R2): %j', async (content) => {
    const answers = await answersTo(versioned('PING\nId: mine'), versioned(content))
    expect(answers[0]).toBe('OK PONG\r\nId: mine')
    expect(firstLine(answers[1])).toBe('ERR PARSE')
    expect(headerIn(answers[1], 'Id')).toBeUndefined()
  })

  it.each(['FLY', '', 'PING\n\nPING'])('end it at the tenth in a row, with TOO_MANY_ERRORS: %j', async (content) => {
    const nine = new Array(9).fill(versioned(content))
    const answers = await answersTo(versioned('HELLO'), ...nine, PING, ...nine, versioned(content), PING)
    const code = content === 'FLY' ? 'UNKNOWN_COMMAND' : 'PARSE'
    const errors = new Array(9).fill(`ERR ${code}`)
    expect(answers.map(firstLine)).toEqual(['OK AUTH_OK', ...errors, 'OK PONG', ...errors, 'ERR TOO_MANY_ERRORS'])
    expect(headerIn(answers.at(-1), 'Cause')).toBe(code)
    expect(headerIn(answers.at(-1), 'Fatal')).toBe('yes')
  })
})

describe('a frame of another version', () => {
  it.each([0, 2, 7, 255])('is answered with ours, in a frame of ours, then FIN: %i', async (version) => {
    const wires = await startWires()
    const client = await dialVersioned(wires.versioned)
    await client.send(PING, versioned('PING', version), PING)
    const [, pong, refused, ...more] = await client.rest()
    expect(pong).toBe('OK PONG')
    expect(firstLine(refused)).toBe('ERR VERSION_UNSUPPORTED')
    expect([headerIn(refused, 'Supported'), headerIn(refused, 'Fatal')]).toEqual(['1', 'yes'])
    expect(more).toEqual([])
  })

  it('is answered so as the first of a connection too, whatever its length says', async () => {
    const wires = await startWires()
    const client = await dialVersioned(wires.versioned)
    await client.send(headerOf(MAX_U16, 2))
    const answers = await client.rest()
    expect(answers.map(firstLine)).toEqual(['OK READY', 'ERR VERSION_UNSUPPORTED'])
  })
})
