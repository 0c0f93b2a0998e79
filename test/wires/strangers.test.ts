import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { socketCuts } from './support/cuts.ts'
import { frame, framedAnswers, move, ok, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'
import { versioned, versionedAnswers } from './support/versioned-client.ts'

type Wire = 'text' | 'framed' | 'versioned'

const CLIENT_HELLO = Buffer.from('16030102000100', 'hex')
const SHORT_CLIENT_HELLO = Buffer.from('160301007a010000760303', 'hex')
const FLIGHT = [write('HELLO'), move(1, 2)]
/** What a page in a browser can send: frames in the body of a request. */
const post = (...body: readonly Buffer[]) =>
  Buffer.concat([Buffer.from('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 22\r\n\r\n'), ...body])

const STRANGERS: readonly { wire: Wire; what: string; protocol: string; bytes: Buffer }[] = [
  { wire: 'framed', what: 'HELLO in plain text', protocol: 'plain text', bytes: Buffer.from('HELLO\n\nMOVE 1 2\n\n') },
  { wire: 'framed', what: 'move in plain text', protocol: 'plain text', bytes: Buffer.from('move 1 2\r\n\r\n') },
  { wire: 'framed', what: 'a request of HTTP', protocol: 'plain text', bytes: post(...FLIGHT) },
  { wire: 'framed', what: 'TLS', protocol: 'TLS', bytes: CLIENT_HELLO },
  { wire: 'framed', what: 'TLS with a short first record', protocol: 'TLS', bytes: SHORT_CLIENT_HELLO },
  {
    wire: 'versioned',
    what: 'HELLO in plain text',
    protocol: 'plain text',
    bytes: Buffer.from('HELLO\n\nMOVE 1 2\n\n'),
  },
  { wire: 'versioned', what: 'ping in plain text', protocol: 'plain text', bytes: Buffer.from('ping\r\n\r\n') },
  { wire: 'versioned', what: 'a request of HTTP', protocol: 'plain text', bytes: post(versioned('HELLO')) },
  { wire: 'versioned', what: 'TLS', protocol: 'TLS', bytes: CLIENT_HELLO },
  { wire: 'text', what: 'a framed flight', protocol: 'framed messages', bytes: Buffer.concat(FLIGHT) },
  { wire: 'text', what: 'a framed token of 64 bytes', protocol: 'framed messages', bytes: write('x'.repeat(64)) },
  { wire: 'text', what: 'a framed Quit', protocol: 'framed messages', bytes: Buffer.from('0100000000', 'hex') },
  { wire: 'text', what: 'a versioned HELLO', protocol: 'versioned messages', bytes: versioned('HELLO') },
  { wire: 'text', what: 'a versioned PING', protocol: 'versioned messages', bytes: versioned('PING') },
]

/** How many answers are among some bytes that a server sent. */
const answersIn: Readonly<Record<Wire, (bytes: Buffer) => number>> = {
  text: (bytes) => String(bytes).split('\r\n\r\n').length - 1,
  framed: (bytes) => framedAnswers(bytes).length,
  versioned: (bytes) => versionedAnswers(bytes).length,
}
/** How many answers come before the client speaks. */
const GREETINGS = { text: 1, framed: 0, versioned: 1 }

describe.each(STRANGERS)('$what on the $wire port', ({ wire, protocol, bytes }) => {
  it.each(socketCuts(bytes))(
    '$how, has no answer, nothing of it is run, and the log has one line',
    async ({ chunks }) => {
      const log = recordLog()
      const wires = await startWires({ logger: log.logger })
      expect(answersIn[wire](await talk(at(wires[wire]), chunks))).toBe(GREETINGS[wire])
      await until(() => log.of('connection closed').length === 1)
      const lines = log.lines.filter(({ level }) => Number(level) > 30)
      expect(lines).toMatchObject([{ level: 40, connection: 1, protocol }])
      expect(log.of('message refused')).toEqual([])
      const status = await talk(at(wires.text), [Buffer.from('HELLO\n\nSTATUS\n\n')])
      expect(String(status)).toMatch(/State: hovering\r\nX: 0\r\nY: 0\r\n/)
    },
  )

  it('is closed by the server, though the stranger stays and says no more', async () => {
    const wires = await startWires()
    const pilot = await Pilot.dial(at(wires[wire]))
    pilot.socket.write(bytes)
    expect(answersIn[wire](Buffer.from(await pilot.ended, 'latin1'))).toBe(GREETINGS[wire])
  })
})

describe('the text port takes for a stranger', () => {
  const lengths = Array.from({ length: 255 }, (_, index) => index + 1)

  it.each([
    { protocol: 'framed messages', first: (bytes: number) => frame(Buffer.alloc(bytes, 2)) },
    { protocol: 'versioned messages', first: (bytes: number) => versioned('x'.repeat(bytes)) },
  ])('whoever speaks $protocol, however long the first one is, up to 255 bytes', async ({ protocol, first }) => {
    const log = recordLog()
    const { text } = await startWires({ logger: log.logger })
    const told: number[] = []
    for (const length of lengths) told.push(answersIn.text(await talk(at(text), [first(length)])))
    const taken = log.of('security').map((line) => line['protocol'])
    expect(told).toEqual(lengths.map(() => GREETINGS.text))
    // F6 and F8: what begins with 0x16 is TLS, at that very byte.
    const looksLikeTls = (length: number) => first(length)[0] === 0x16
    expect(taken).toEqual(lengths.map((length) => (looksLikeTls(length) ? 'TLS' : protocol)))
  })
})

describe('what is no stranger:', () => {
  it.each(['\x07PING', '\x01\x02PING', '\x05', '\x1b[A'])(
    'a control character typed first on the text port is a soft PARSE (F6): %j',
    async (line) => {
      const log = recordLog()
      const { text } = await startWires({ logger: log.logger })
      const answer = String(await talk(at(text), [Buffer.from(`${line}\n\nPING\n\n`)])).split('\r\n\r\n')
      expect(answer.slice(1)).toEqual([expect.stringMatching(/^ERR PARSE\r\n(.*\r\n)*Fatal: no/), 'OK PONG', ''])
      expect(log.of('security')).toEqual([])
    },
  )

  it.each([0x0a, 0x0d, 0x16, 0x20, 0x41, 0x48, 0x4d, 0x50, 0x7e])(
    'a first frame whose length is %i, the code of a letter or the like, on the framed port',
    async (length) => {
      const log = recordLog()
      const token = 'x'.repeat(length - 2)
      const { framed } = await startWires({ token, logger: log.logger })
      expect(framedAnswers(await talk(at(framed), [write(token)]))).toEqual([ok('AUTH_OK')])
      expect(log.of('security')).toEqual([])
    },
  )
})
