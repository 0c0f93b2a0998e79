import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { Penalties } from '../../src/server/penalties.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item, scale } from './item.ts'
import { apart } from './support/apart.ts'
import { showMs } from './support/figures.ts'
import { idleCrowd } from './support/idle-crowd.ts'
import { growthKib, showGrowth } from './support/process-memory.ts'

const TOKEN = 's3cret-T0ken'
const [ATTACKER, OTHER] = ['127.0.0.2', '127.0.0.3']
const MAX_SOURCES = 65_536

item(
  44,
  'brute force from one address: penalties of 5 s, enforced from 15 s, up to 600 s; nobody else suffers',
  async (row) => {
    const clock = new FakeClock()
    const { address } = await startServer({ token: TOKEN, clock, loopbackExempt: false, maxUnauthenticated: 500 })
    const from = (localAddress: string) => ({ ...address, localAddress })
    const first = async (localAddress: string, text = '') =>
      String(await talk(from(localAddress), [Buffer.from(text)])).split('\r\n\r\n')[0] ?? ''
    const [wrong, right] = ['HELLO x\n\n', `HELLO ${TOKEN}\n\n`]

    // Two mistakes are nothing yet; the third closes the door for 15 s.
    await first(ATTACKER, wrong.repeat(2))
    expect(await first(ATTACKER)).toMatch(/^OK READY/)
    await first(ATTACKER, wrong)
    expect(await first(ATTACKER, right)).toMatch(/^ERR BUSY\r\n(?:[^\r]+\r\n)*Hint: [^\r]*\b15 s/)
    expect(await first(OTHER, right)).toMatch(/^OK READY/)
    clock.advance(14_000)
    expect(await first(ATTACKER)).toMatch(/^ERR BUSY/)
    clock.advance(1001)
    expect(await first(ATTACKER)).toMatch(/^OK READY/)

    // Those who came in before go on trying, and it stops to grow at 600 s.
    const crowd = await Promise.all(Array.from({ length: 130 }, () => Pilot.dial(from(ATTACKER))))
    await Promise.all(crowd.map((pilot) => pilot.until('OK READY')))
    await Promise.all(crowd.map((pilot) => pilot.ask(wrong, 'AUTH_FAILED')))
    expect(await first(ATTACKER)).toMatch(/\b600 s/)
    clock.advance(599_000)
    expect(await first(ATTACKER)).toMatch(/^ERR BUSY/)
    clock.advance(1001)
    expect(await first(ATTACKER)).toMatch(/^OK READY/)

    // Loopback is exempt unless it is asked for.
    const { address: lenient } = await startServer({ token: TOKEN, clock })
    for (let round = 0; round < 3; round++) await talk(lenient, [Buffer.from(wrong.repeat(3))])
    expect(String(await talk(lenient, [Buffer.from(right)]))).toContain('OK AUTH_OK')

    const penalties = new Penalties(clock)
    for (let source = 0; source < MAX_SOURCES + 1000; source++)
      penalties.add(`10.${source >> 16}.${(source >> 8) & 255}.${source & 255}`, 'AUTH_FAILED')
    expect(penalties.size).toBe(MAX_SOURCES)
    for (const ip of ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3']) penalties.add(ip, 'AUTH_FAILED')
    expect(penalties.remainingMs('2001:db8::9')).toBe(15_000)
    expect(penalties.remainingMs('2001:db8:0:1::1')).toBe(0)
    row.figure = `refused from 15 s on, 600 s after ${crowd.length} failures, ${penalties.size} sources`
    row.limit = `600 s, ${MAX_SOURCES} sources`
  },
)

/** What waits for one that has not said HELLO: 4 KB, and the reply of at most 8 KB that went beyond them. */
const STRANGER_LIMIT_BYTES = 12 * 1024
const GROWTH_LIMIT_KIB = 2048
const CONNECTIONS = 20

item(
  49,
  'floods before HELLO from clients that never read: 4 KB of replies, then no more is read, then the end',
  async (row) => {
    const log = recordLog()
    const { join, clock } = await startScene({ logger: log.logger })
    const { pilot, peer, gone } = await join()
    pilot.socket.pause()
    const input = 'HELP\n\n'.repeat(200_000)
    pilot.send(input)
    await until(() => peer.isPaused() && peer.writableLength > 0)
    const waiting = peer.writableLength
    expect(waiting).toBeLessThan(STRANGER_LIMIT_BYTES)
    expect(peer.bytesRead).toBeLessThan(input.length)
    clock.advance(60_000)
    await gone
    expect(log.of('connection closed')).toMatchObject([{ reason: 'SLOW_CONSUMER' }])

    const { program, address } = await serveSkyline()
    const megabytes = scale(100, 10)
    const block = Buffer.from('HELP\n\n'.repeat((megabytes * 1_000_000) / 6 / CONNECTIONS))
    const floodAll = async () => {
      const deaf = await Promise.all(Array.from({ length: CONNECTIONS }, () => Pilot.dial(address)))
      for (const { socket } of deaf) socket.pause().write(block)
      // Meanwhile the server has time to read what it likes to.
      const other = await Pilot.dial(address)
      for (let round = 0; round < 200; round++) await other.ask('PING\n\n', 'OK PONG')
      for (const { socket } of [...deaf, other]) socket.destroy()
    }
    await floodAll()
    const growth = await growthKib(program.child.pid, floodAll)
    const each = growth === undefined ? undefined : growth / CONNECTIONS
    if (each !== undefined) expect(each).toBeLessThan(GROWTH_LIMIT_KIB)
    row.figure = `${waiting} B wait; ${megabytes} MB in all: ${showGrowth(each)} a connection`
    row.limit = `${STRANGER_LIMIT_BYTES} B, ${GROWTH_LIMIT_KIB} KiB`
  },
)

const LOGIN_LIMIT_MS = 2000
/** The part of HELLOs, sent at once, that may fall to the early drop between accept and the first read. */
const MAX_DROPPED = 0.1
/** The pilot leaves the server time for the crowd. */
const BETWEEN_LOGINS_MS = 10

item(50, 'thousands of idle connections that never say HELLO: a pilot gets in meanwhile', async (row) => {
  const { address } = await serveSkyline(['--no-loopback-exempt'], { SKYLINE_TOKEN: TOKEN })
  const count = scale(10_000, 1000)
  let isOver = false
  const crowd = apart(idleCrowd, { address, count, localAddress: ATTACKER, keptMs: scale(1000, 200) })
  const { result } = crowd
  const over = () => {
    isOver = true
  }
  result.then(over, over)
  const timesMs: number[] = []
  const refusals = { full: 0, dropped: 0 }
  while (!isOver || timesMs.length < 10) {
    const since = performance.now()
    for (;;) {
      const answer = String(await talk(address, [Buffer.from(`HELLO ${TOKEN}\n\n`)]))
      if (answer.includes('OK AUTH_OK')) break
      if (answer.includes('try again later')) refusals.full++
      else refusals.dropped++
      expect(performance.now() - since).toBeLessThan(LOGIN_LIMIT_MS)
    }
    timesMs.push(performance.now() - since)
    await pause(BETWEEN_LOGINS_MS)
  }
  const { opened } = await result
  expect(opened).toBe(count)
  const longestMs = Math.max(...timesMs)
  row.figure = `${opened} idle; ${timesMs.length} logins, the longest ${showMs(longestMs)}; BUSY: ${refusals.full} full, ${refusals.dropped} dropped`
  row.limit = `${LOGIN_LIMIT_MS} ms, 0 full, ${MAX_DROPPED * 100} % dropped`
  expect(longestMs).toBeLessThan(LOGIN_LIMIT_MS)
  // Strangers who were sent away take no place of those who were not.
  expect(refusals.full).toBe(0)
  expect(refusals.dropped).toBeLessThanOrEqual(Math.ceil(timesMs.length * MAX_DROPPED))
})
