import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { absent, item, scale } from './item.ts'
import { showMs } from './support/figures.ts'
import { spawnServer } from './support/spawn-server.ts'
import { itemIf } from './support/tried-if.ts'

absent(76, 'five percent of loss', 'not tried here: it takes a network namespace with iptables')
absent(
  96,
  'a full disk for the audit',
  'the record of this server is the flight recorder: a full disk is tried in test/recorder',
)

/** By when a server that was told to end is gone, in milliseconds: its own limit is 10 s. */
const END_MS = 15_000

const within = <T>(exit: Promise<T>): Promise<T | 'still there'> =>
  Promise.race([exit, new Promise<'still there'>((resolve) => setTimeout(resolve, END_MS, 'still there'))])

const HOUR_MS = 3_600_000

item(94, 'the wall clock jumps: no deadline moves, and none is lost', async (row) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const start = Date.now()
  for (const jumpMs of [HOUR_MS, -2 * HOUR_MS]) {
    const { address } = await startServer({ timeouts: { handshakeMs: 0, messageMs: 0, idleMs: 400 } })
    const pilot = await Pilot.dial(address)
    const waiting = await Pilot.dial(address)
    await waiting.ask('HELLO\n\nMOVE 1000000 0\n\n', 'MOVING_TO')
    waiting.send('WAIT 400\n\n')
    await pilot.ask('HELLO\n\n', 'AUTH_OK')
    const since = performance.now()
    vi.setSystemTime(start + jumpMs)
    expect(await pilot.ended).toContain('IDLE_TIMEOUT')
    const ms = performance.now() - since
    await waiting.until('ERR TIMEOUT')
    expect(ms).toBeGreaterThan(300)
    expect(ms).toBeLessThan(2000)
    row.figure = `idle limit of 400 ms kept: ${showMs(ms)}`
  }
  row.limit = '300 to 2000 ms'
})

itemIf(existsSync('/dev/full'), 'there is no /dev/full')(95, 'a full disk under the log', async (row) => {
  const full = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(full))
  const { child, address, exit } = await spawnServer({ stderr: full, args: ['--log-level', 'trace'] })
  const rounds = scale(1000, 100)
  for (let round = 0; round < rounds; round++) {
    expect(String(await talk(address, [Buffer.from('HELLO\n\nPIN\n\nQUIT\n\n')]))).toContain('OK BYE')
  }
  child.kill('SIGTERM')
  expect(await within(exit)).toBe(0)
  row.figure = `${rounds} of ${rounds} sessions served, exit 0`
})

/** What a session with this many mistakes costs in lines: more than a pipe and the log's own room hold. */
const MISTAKES = 9
const SESSIONS = 1500

item(97, 'nobody reads the log: served on, in bounded memory, and what was dropped is told', async (row) => {
  const { program, address } = await serveSkyline()
  const { stderr } = program.child
  stderr?.pause()
  const script = Buffer.from(`HELLO\n\n${`PIN\n\n`.repeat(MISTAKES)}QUIT\n\n`)
  for (let session = 0; session < SESSIONS; session += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => talk(address, [script])))
    for (const answer of answers) expect(answer.toString()).toContain('OK BYE')
  }
  stderr?.resume()
  await until(() => program.stderr.includes('log lines dropped'))
  const [, dropped] = /"lines":(\d+),"msg":"log lines dropped"/.exec(program.stderr) ?? []
  program.child.kill('SIGTERM')
  const { code, stderr: text } = await program.exit
  expect(code).toBe(0)
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const told = lines
    .filter(({ msg }) => msg === 'log lines dropped')
    .reduce((sum, line) => sum + Number(line['lines']), 0)
  const written = lines.filter(({ msg }) => /^(connection|message)/.test(String(msg))).length
  expect(written + told).toBe(SESSIONS * (MISTAKES + 2))
  row.figure = `${told} dropped (first told: ${dropped}), ${written} written`
  row.limit = `${SESSIONS * (MISTAKES + 2)} in all`
})

item(108, 'nobody reads the log, or nobody is there any more to read it: SIGTERM ends the server', async (row) => {
  const script = Buffer.from(`HELLO\n\n${'PIN\n\n'.repeat(MISTAKES)}QUIT\n\n`)
  const ends: string[] = []
  for (const how of ['pause', 'destroy'] as const) {
    const { program, address } = await serveSkyline()
    const exit = new Promise((resolve) => program.child.once('exit', resolve))
    program.child.stderr?.[how]()
    for (let round = 0; round < SESSIONS; round += 50) {
      await Promise.all(Array.from({ length: 50 }, () => talk(address, [script])))
    }
    program.child.kill('SIGTERM')
    ends.push(`${how}: ${await within(exit)}`)
    program.child.kill('SIGKILL')
  }
  row.figure = ends.join(', ')
  expect(ends).toEqual(['pause: 0', 'destroy: 0'])
})

item(98, 'the ways to end: the last line is in the log', async (row) => {
  const ends: string[] = []
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    const { program, address } = await serveSkyline()
    const sessions = await Promise.all(Array.from({ length: 20 }, () => Pilot.dial(address)))
    await Promise.all(sessions.map((pilot) => pilot.ask('HELLO\n\nPING\n\n', 'PONG')))
    if (signal === 'SIGKILL') await until(() => program.stderr.split('connection opened').length > 20)
    program.child.kill(signal)
    await Promise.all(sessions.map((pilot) => pilot.ended.catch(() => {})))
    for (const { socket } of sessions) socket.end()
    const { stderr } = await program.exit
    const last = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as { msg: string }
    expect(stderr.split('connection opened')).toHaveLength(21)
    expect(last.msg).toBe(signal === 'SIGKILL' ? 'connection opened' : 'stopped')
    ends.push(`${signal}: ${last.msg}`)
  }
  row.figure = ends.join(', ')
})

item(99, 'a log of many lines: none is lost or torn, a SIGHUP among them', async (row) => {
  const file = join(temporaryFolder(), 'log')
  const log = openSync(file, 'a')
  onTestFinished(() => closeSync(log))
  const { child, address, exit } = await spawnServer({ stderr: log })
  const sessions = scale(5000, 300)
  const script = Buffer.from('HELLO\n\nPIN\n\nQUIT\n\n')
  for (let session = 0; session < sessions; session += 50) {
    child.kill('SIGHUP')
    await Promise.all(Array.from({ length: 50 }, () => talk(address, [script])))
  }
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const of = (message: string) => lines.filter(({ msg }) => msg === message).length
  expect(of('message refused')).toBe(sessions)
  // The one more asked whether the server was there yet.
  expect(of('connection opened')).toBe(of('connection closed'))
  expect(of('connection closed')).toBe(sessions + 1)
  row.figure = `${lines.length} lines, each whole`
})
