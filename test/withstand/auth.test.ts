import { expect } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { authenticator } from '../../src/server/identities.ts'
import { pieces } from '../support/chunkings.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { item, scale } from './item.ts'
import { quantile } from './support/figures.ts'
import { judgeAll, repliesIn, STRANGE } from './support/judge.ts'
import { WatchedDrone } from './support/watched-drone.ts'

const TOKEN = 's3cret-T0ken'
const heads = (answer: Buffer): readonly string[] =>
  repliesIn(answer.toString()).map(
    (reply) => /^[^\r]+(?:\r\nReason[^\r]+\r\nFatal: \w+)?/.exec(reply)?.[0].replace(/\r\n.*: /s, ' ') ?? '',
  )

/** How much the medians of two kinds of wrong tokens may differ: no proof, but a plain comparison that leaks shows. */
const RATIO_LIMIT = 1.5

item(
  42,
  'a wrong token of whatever form: the same answer, in the same time whether it differs first or last',
  async (row) => {
    const { address } = await startServer({ token: TOKEN })
    const wrong = [
      '',
      'x',
      TOKEN.toUpperCase(),
      `${TOKEN}x`,
      TOKEN.slice(1),
      TOKEN.slice(0, -1),
      'y'.repeat(8000),
      '\u00e9',
    ]
    const hellos = ['HELLO\n\n', 'HELLO x\n\n', ...wrong.map((token) => `HELLO\nToken: ${token}\nClient: me\n\n`)]
    const answers = await Promise.all(hellos.map((hello) => talk(address, [Buffer.from(hello)])))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(String(answers[0])).toContain('ERR AUTH_FAILED\r\n')

    const authenticate = authenticator({ kind: 'shared', token: 'a'.repeat(64) })
    const kinds = [`b${'a'.repeat(63)}`, `${'a'.repeat(63)}b`].map((token) => ({ token, timesMs: [] as number[] }))
    for (let round = 0; round < scale(100_000, 10_000); round++) {
      for (const { token, timesMs } of Math.random() < 0.5 ? kinds : kinds.toReversed()) {
        const since = performance.now()
        authenticate(token, undefined)
        timesMs.push(performance.now() - since)
      }
    }
    const [first = 0, last = 0] = kinds.map(({ timesMs }) => quantile(timesMs, 0.5))
    const ratio = Math.max(first / last, last / first)
    expect(ratio).toBeLessThan(RATIO_LIMIT)
    row.figure = `${hellos.length} forms; medians ${(first * 1000).toFixed(2)} and ${(last * 1000).toFixed(2)} us`
    row.limit = `the same bytes, ratio ${RATIO_LIMIT}`
  },
)

item(43, 'the third wrong HELLO of a connection is fatal, and a right one behind it comes too late', async (row) => {
  const drone = new WatchedDrone()
  const { address } = await startServer({ token: TOKEN, drone })
  const [wrong, right] = ['HELLO x\n\n', `HELLO ${TOKEN}\n\nMOVE 1 2\n\n`]
  const soft = 'ERR AUTH_FAILED no'
  const say = async (text: string) => heads(await talk(address, [Buffer.from(text)])).slice(1)
  expect(await say(wrong.repeat(3) + right)).toEqual([soft, soft, 'ERR AUTH_FAILED yes'])
  expect(await say(`${wrong}PING\n\n${wrong}PING\n\n${wrong}${right}`)).toEqual([
    ...[soft, 'OK PONG', soft, 'OK PONG', 'ERR AUTH_FAILED yes'],
  ])
  expect(drone.orders).toEqual([])
  expect(await say(wrong.repeat(2) + right)).toEqual([soft, soft, 'OK AUTH_OK', 'OK MOVING_TO(1, 2)'])
  row.figure = '3 of 3'
  row.limit = 'fatal AUTH_FAILED'
})

const HANDSHAKE_MS = 400
/** A machine with other things to do is late. */
const LATE_MS = 4000

item(45, 'no HELLO in time, or one byte by byte: HANDSHAKE_TIMEOUT at the absolute deadline', async (row) => {
  const { address } = await startServer({ timeouts: { handshakeMs: HANDSHAKE_MS, messageMs: 0, idleMs: 0 } })
  const endings = await Promise.all(
    ['', 'HELLO\nClient: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n', 'PING\n\n'.repeat(100)].map(
      async (trickle) => {
        const pilot = await Pilot.dial(address)
        const since = performance.now()
        const letters = trickle[Symbol.iterator]()
        const timer = setInterval(() => pilot.send(letters.next().value ?? ''), 20)
        const received = await pilot.ended.finally(() => clearInterval(timer))
        expect(repliesIn(received).at(-1)).toMatch(/^ERR HANDSHAKE_TIMEOUT\r\n/)
        return performance.now() - since
      },
    ),
  )
  for (const ms of endings) {
    expect(ms).toBeGreaterThan(HANDSHAKE_MS / 2)
    expect(ms).toBeLessThan(HANDSHAKE_MS + LATE_MS)
  }
  const { join, clock } = await startScene({ timeouts: { handshakeMs: 60_000, messageMs: 0, idleMs: 0 } })
  const { pilot } = await join()
  for (let second = 1; second < 60; second++) {
    clock.advance(1000)
    await pilot.ask('PING\n\n', 'OK PONG')
  }
  clock.advance(1020)
  await pilot.until('ERR HANDSHAKE_TIMEOUT')
  row.figure = `${HANDSHAKE_MS} ms: ended after ${endings.map(Math.round).join(', ')} ms`
  row.limit = `${HANDSHAKE_MS + LATE_MS} ms`
})

item(46, 'commands in one write with HELLO run behind it, in order; behind one that fails none does', async (row) => {
  const drone = new WatchedDrone()
  const { address } = await startServer({ token: TOKEN, drone })
  const commands = Array.from({ length: 200 }, (_, index) => `MOVE ${index} 0\nId: ${index}\n\n`)
  const wanted = commands.map((_, index) => `OK MOVING_TO(${index}, 0)`)
  const right = Buffer.from(`HELLO ${TOKEN}\n\n${commands.join('')}`)
  for (const size of [right.length, 100, 7, 1])
    expect(heads(await talk(address, pieces(right, size))).slice(2)).toEqual(wanted)
  const orders = drone.orders.length
  const wrong = Buffer.from(
    `HELLO x\n\nMOVE 1 2\n\nWRITE x\n\nCOLOR 1 2 3\n\nHELLO\nVersion: 2\nToken: ${TOKEN}\n\nMOVE 1 2\n\n`,
  )
  for (const size of [wrong.length, 7, 1])
    expect(heads(await talk(address, pieces(wrong, size))).slice(1)).toEqual([
      'ERR AUTH_FAILED no',
      ...Array<string>(3).fill('ERR EXPECTED_HANDSHAKE no'),
      ...['ERR VERSION_UNSUPPORTED no', 'ERR EXPECTED_HANDSHAKE no'],
    ])
  expect(drone.orders).toHaveLength(orders)
  row.figure = `${orders} of ${4 * commands.length} in order, none behind a wrong one`
  row.limit = 'all, none'
})

item(
  47,
  'any command before HELLO: EXPECTED_HANDSHAKE, soft (where the page has it fatal), and ten end it',
  async (row) => {
    const drone = new WatchedDrone()
    const { address } = await startServer({ token: TOKEN, drone })
    const early = COMMANDS.filter(({ states }) => !(states as readonly string[]).includes('Handshake'))
    const lines = early.flatMap(({ aliases, name, example }) => [
      `${example}\n\n`,
      ...[name, ...aliases].map((word) => `${word}\n\n`),
    ])
    await judgeAll(row, address, { 'soft EXPECTED_HANDSHAKE': lines }, STRANGE)
    const many = heads(await talk(address, [Buffer.from(`MOVE 1 2\n\nPING\n\n`.repeat(12))]))
    expect(many.filter((head) => head === 'ERR EXPECTED_HANDSHAKE no')).toHaveLength(9)
    expect(many.at(-1)).toBe('ERR TOO_MANY_ERRORS yes')
    expect(drone.orders).toEqual([])
  },
)

item(48, 'a second HELLO, with the token or another: WRONG_STATE, and the session stays whose it is', async (row) => {
  const log = recordLog()
  const { join } = await startScene({ token: TOKEN, logger: log.logger })
  const { pilot, gone } = await join()
  const others = [`HELLO ${TOKEN}`, 'HELLO x', `HELLO\nToken: ${TOKEN}\nClient: second`, 'HELLO\nVersion: 2', 'HELLO']
  await pilot.ask(`HELLO\nToken: ${TOKEN}\nClient: first\n\n`, 'OK AUTH_OK')
  for (const hello of others) await pilot.ask(`${hello}\n\nSTATUS\n\n`, 'OK STATUS')
  expect(pilot.replies.filter((line) => line === 'ERR WRONG_STATE')).toHaveLength(others.length)
  pilot.socket.end()
  await gone
  expect(log.of('connection closed')).toMatchObject([{ client: 'first' }])
  row.figure = `${others.length} of ${others.length} refused`
  row.limit = 'soft WRONG_STATE'
})
