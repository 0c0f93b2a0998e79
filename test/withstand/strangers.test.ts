import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { expect } from 'vitest'
import { defineCommand } from '../../src/commands/define.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { recordLog } from '../support/record-log.ts'
import { type Program, runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item } from './item.ts'
import { judge, repliesIn, STRANGE, utf8 } from './support/judge.ts'
import { WatchedDrone } from './support/watched-drone.ts'

/** What no field of a reply may hold. */
const SPLITTERS = ['a\r\nEVENT fake\r\n\r\nb', 'a\nb', 'a\rb', 'a\0b', '\r\n', 'a\x1b[2Jb', '\x7f']
const ROW = {
  parameters: [],
  summary: 'say it',
  example: 'SAY',
  reply: { summary: 'SAID', headers: [], open: true },
} as const

/** A drone whose display shows what no reply can hold. */
class LyingDrone extends SimulatedDrone {
  override telemetry(): ReturnType<SimulatedDrone['telemetry']> {
    return { ...super.telemetry(), text: 'a\r\nEVENT fake\r\n\r\n' }
  }
}

item(
  29,
  'a handler whose reply holds CR, LF or NUL costs its command INTERNAL: no reply is ever split (R4)',
  async (row) => {
    let count = 0
    for (const bad of SPLITTERS) {
      const replies = [
        () => ({ entries: [['Said', bad]] as const }),
        () => ({ entries: [[`Sa${bad}id`, '1']] as const }),
        () => new Failure('BAD_ARGUMENT', { reason: bad }),
        () => new Failure('BAD_ARGUMENT', { hint: bad }),
        () => new Failure('BAD_ARGUMENT', { param: bad }),
        () => new Failure('BAD_ARGUMENT', { details: { Said: bad } }),
        async () => ({ entries: [['Said', bad]] as const }),
      ]
      for (const reply of replies) {
        const { address } = await startServer({ commands: [defineCommand({ ...ROW, name: 'SAY' }, reply as never)] })
        expect(await judge(address, 'SAY\nId: 1\n\n')).toBe('soft INTERNAL')
        count++
      }
    }
    const { address } = await startServer({ drone: new LyingDrone(new FakeClock()) })
    expect(await judge(address, 'STATUS\n\n')).toBe('soft INTERNAL')
    row.figure = `${count + 1} replies, whole and byte by byte`
    row.limit = 'soft INTERNAL'
  },
)

/** Found wherever it gets; the rest of it is not to be seen anywhere as it is. */
const CANARY = 'caNarY'
const HOSTILE = `${CANARY}\x1b[2J\x1b]0;x\x07\x7f${utf8('\u009b2J\u202e\u2028\ufeff')}`
const SHOWN = `${CANARY}${utf8('\u009b2J\u202e\u2028\ufeff\u00e9')}`

/** Where a client can put a value, and where a name. */
const valuePlaces = (value: string): string[] => [
  ...[
    `MOVE ${value} 1`,
    `MOVE 1 2\nSpeed: ${value}`,
    `HELP ${value}`,
    `HELP\nCommand: ${value}`,
    `PING\nId: ${value}!`,
  ],
  ...[`PING ${value}`, `PING\nNote ${value}`, `PING\n ${value}`, `HELLO\nVersion: ${value}`, `HELLO\nClient ${value}`],
  ...[`HELLO 1 2 3 ${value}`, `PING\nNote : ${value}`, `WRITE\nText: ${value}\nText: ${value}`],
]
const namePlaces = (name: string): string[] => [
  name,
  `PING\n${name}: 1`,
  `PING\n${name}`,
  `${name}: 1`,
  `MOVE 1 2\n${name}: 1`,
]
const messages = (texts: readonly string[]): string => texts.map((text) => `${text}\n\nPING\n\n`).join('')

item(
  30,
  'what a client sends comes back only quoted, cut at 64 bytes, in printable ASCII; before HELLO no value does (R4)',
  async (row) => {
    const { address } = await startServer()
    const say = async (text: string) => String(await talk(address, [Buffer.from(text, 'latin1')]))
    const places = [HOSTILE, SHOWN].flatMap((value) => [...valuePlaces(value), ...namePlaces(value)])
    const answer = await say(`HELLO\n\n${messages(places)}`)
    expect(repliesIn(answer)).toHaveLength(2 * places.length + 2)
    expect(answer).toMatch(/^[\x20-\x7e\r\n]*$/)
    expect(answer).toContain(CANARY)
    const long = valuePlaces(`${CANARY}${'y'.repeat(5000)}`)
    expect(await say(`HELLO\n\n${messages(long)}`)).not.toMatch(/y{64}/)
    for (const value of valuePlaces(SHOWN).filter((text) => !text.startsWith('HELLO\nClient:'))) {
      const early = await say(`${value}\n\n`)
      expect(repliesIn(early)).toHaveLength(2)
      expect({ value, early }).toEqual({ value, early: expect.not.stringContaining(CANARY) })
    }
    expect(await say('HELLO\n\nPING\nId: caNarY\n\n')).toContain('\r\nId: caNarY\r\n')
    row.figure = `${places.length + long.length} places, and ${valuePlaces('').length} before HELLO`
    row.limit = 'printable ASCII, 64 bytes'
  },
)

/** The port of a server that logs in either format. */
async function portOf(program: Program): Promise<number> {
  const find = () => /listening on 127\.0\.0\.1:(\d+)/.exec(program.stderr)?.[1]
  await until(() => find() !== undefined || program.child.exitCode !== null)
  return Number(find())
}

item(31, 'escape sequences, C1 and bidi controls: the log stays printable ASCII, in both formats (R4)', async (row) => {
  const hostile = [HOSTILE, SHOWN].flatMap((value) => [...valuePlaces(value), ...namePlaces(value)])
  const texts = [
    `HELLO\n\n${messages(hostile)}`,
    messages(namePlaces(SHOWN)),
    `HELLO\nClient: ${utf8('\u00e9\u00b2')} x\n\n`,
  ]
  let lines = 0
  for (const format of ['json', 'pretty']) {
    const options = ['--listen', '127.0.0.1:0', '--log-level', 'trace', '--log-format', format]
    const program = runSkyline(['serve', ...options])
    const address = { host: '127.0.0.1', port: await portOf(program) }
    for (const text of [...texts, '\xff\x1b\n\n', '\x1b']) await talk(address, [Buffer.from(text, 'latin1')])
    program.child.kill('SIGTERM')
    const { stderr } = await program.exit
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/)
    expect(stderr).toMatch(/xc3\\+xa9\\+xc2\\+xb2 x/)
    const written = stderr.trimEnd().split('\n')
    for (const line of format === 'json' ? written : []) expect(JSON.parse(line)).toHaveProperty('msg')
    lines += written.length
  }
  row.figure = `${lines} lines`
  row.limit = 'printable ASCII'
})

const BODY = 'HELLO\r\n\r\nMOVE 10 20\r\n\r\nWRITE caught\r\n\r\nCOLOR 1 2 3\r\n\r\n'
const HOST = 'Host: 127.0.0.1\r\n'
const HTTP = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'get', 'M-SEARCH', 'BREW'].map(
    (method) => `${method} / HTTP/1.1\r\n${HOST}\r\n${BODY}`,
  ),
  `POST /fly HTTP/1.0\r\nContent-Length: ${BODY.length}\r\nContent-Type: text/plain\r\n\r\n${BODY}`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n40\r\n${BODY}`,
  `GET /ws HTTP/1.1\r\n${HOST}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n${BODY}`,
  `GET http://127.0.0.1:8080/ HTTP/1.1\r\n\r\n${BODY}`,
  `CONNECT 127.0.0.1:25 HTTP/1.1\r\n\r\n${BODY}`,
  `MOVE /a HTTP/1.1\r\nDestination: /b\r\n\r\n${BODY}`,
  `MOVE http://127.0.0.1/a HTTP/1.1\r\n\r\n${BODY}`,
  `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${BODY}`,
  `GET / HTTP/1.1\n\n${BODY}`,
  `POST / HTTP/1.1\r\nno colon\r\n a: fold\r\n\r\n${BODY}`,
]
/** Those of whom F8 does not speak: their words are no command, and so they run nothing. */
const OTHERS = [
  ...['SSH-2.0-OpenSSH_9.6\r\n\r\n', 'EHLO mail.example\r\n\r\n', 'STARTTLS\r\n\r\n', '*1\r\n$4\r\nPING\r\n\r\n'],
  ...['stats\r\n\r\n', 'USER root\r\n\r\n', 'OPTIONS rtsp://127.0.0.1/ RTSP/1.0\r\n\r\n', '{"method":"MOVE"}\r\n\r\n'],
]

item(
  33,
  'HTTP and TLS are left without a word, and nothing of them runs (F8); other protocols are mistakes',
  async (row) => {
    const drone = new WatchedDrone()
    const log = recordLog()
    const { address } = await startServer({ drone, logger: log.logger })
    const tls = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'
    for (const input of [...HTTP, tls, `\x16${BODY}`])
      expect({ input, verdict: await judge(address, input, STRANGE) }).toEqual({ input, verdict: 'silent' })
    // Also behind a HELLO, and behind blank lines.
    for (const input of HTTP) expect(await judge(address, `\r\n${input}`)).toBe('silent')
    expect(log.of('security')).toHaveLength(2 * (2 * HTTP.length + 2))
    expect(drone.orders).toEqual([])
    for (const input of OTHERS)
      expect({ input, verdict: await judge(address, input, STRANGE) }).toEqual({
        input,
        verdict: expect.stringMatching(/^soft (PARSE|UNKNOWN_COMMAND)$/),
      })
    const client = connectTls({ ...address, rejectUnauthorized: false })
    const [error] = await once(client, 'error')
    expect(error).toMatchObject({ code: expect.stringMatching(/SSL|ECONNRESET/) })
    expect(drone.orders).toEqual([])
    row.figure = `${HTTP.length} HTTP requests, 3 TLS, ${OTHERS.length} others; ${drone.orders.length} orders flown`
    row.limit = '0 orders'
  },
)
