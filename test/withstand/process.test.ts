import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { talk } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { FULL, item, scale } from './item.ts'
import { HAS_PROC, showMs } from './support/figures.ts'
import { freePort, spawnServer } from './support/spawn-server.ts'
import { itemIf } from './support/tried-if.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const numbered = (command: string, count: number) =>
  Array.from({ length: count }, (_, id) => `${command}\nId: ${id}\n\n`).join('')
const idsIn = (text: string) => [...text.matchAll(/\r\nId: (\d+)\r\n\r\n/g)].map(([, id]) => Number(id))

itemIf(HAS_PROC, 'there is no /proc')(63, 'few open files are allowed: a limit that fits, or no start', async (row) => {
  await expect(spawnServer({ maxOpenFiles: 64 })).rejects.toThrow('gone before')
  const { address } = await spawnServer({ maxOpenFiles: 160 })
  const inside = await Promise.all(Array.from({ length: 96 }, () => Pilot.dial(address)))
  await Promise.all(inside.map((pilot) => pilot.ask('HELLO\n\n', 'AUTH_OK')))
  const answers = await Promise.all(Array.from({ length: 30 }, () => talk(address, [])))
  expect(answers.filter((answer) => answer.toString().startsWith('ERR BUSY'))).toHaveLength(30)
  // So many that not even to be told BUSY is there room for all: those inside do not notice.
  const crowd = await Promise.all(Array.from({ length: 300 }, () => Pilot.dial(address)))
  await Promise.all(crowd.map((pilot) => pilot.ended.catch(() => {})))
  await Promise.all(inside.map((pilot) => pilot.ask('STATUS\n\n', 'OK STATUS')))
  const silent = crowd.filter(({ received }) => !received.startsWith('ERR BUSY')).length
  row.figure = `160 files: 96 in, 30 of 30 more told BUSY, ${300 - silent} of 300 at once`
})

item(66, 'SIGTERM while commands are under way: each is answered, then exit 0', async (row) => {
  const runs = scale(15, 2)
  let worstMs = 0
  for (let run = 0; run < runs; run++) {
    const { program, address } = await serveSkyline()
    const pilots = await Promise.all(Array.from({ length: 10 }, () => Pilot.dial(address)))
    const script = `HELLO\n\n${numbered('PING', 100)}MOVE 1000000 0\n\nWAIT\n\nWRITE never\n\n`
    await Promise.all(pilots.map((pilot) => pilot.ask(script, 'MOVING_TO')))
    const since = performance.now()
    program.child.kill('SIGTERM')
    for (const pilot of pilots) {
      const received = await pilot.ended
      expect(idsIn(received)).toHaveLength(100)
      expect(pilot.replies.at(-1)).toBe('ERR SHUTTING_DOWN')
      expect(received).not.toContain('WRITTEN')
      pilot.socket.end()
    }
    expect(await program.exit).toMatchObject({ code: 0, signal: null })
    await expect(Pilot.dial(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    worstMs = Math.max(worstMs, performance.now() - since)
  }
  row.figure = `${runs} runs, the longest ${showMs(worstMs)}`
  row.limit = '10 s'
  expect(worstMs).toBeLessThan(10_000)
})

item(67, 'a second signal ends a drain that somebody holds up, with exit 1', async (row) => {
  for (const second of ['SIGTERM', 'SIGINT'] as const) {
    const { program, address } = await serveSkyline()
    const deaf = await Pilot.dial(address)
    deaf.socket.pause()
    deaf.send(`HELLO\n\n${'HELP\n\n'.repeat(40_000)}`)
    const other = await Pilot.dial(address)
    await other.ask('HELLO\n\nPING\n\n', 'PONG')
    program.child.kill('SIGTERM')
    await until(() => program.stderr.includes('shutting down'))
    expect(program.child.exitCode).toBe(null)
    const since = performance.now()
    program.child.kill(second)
    expect(await program.exit).toMatchObject({ code: 1, signal: null })
    row.figure = `gone after ${showMs(performance.now() - since)}`
    expect(performance.now() - since).toBeLessThan(5000)
  }
  row.limit = '5 s'
})

item(71, 'an error that nobody has caught: a last line in the log, and exit 70', async (row) => {
  for (const what of ['throw new Error("out of the blue")', 'Promise.reject(new Error("out of the blue"))']) {
    const hook = join(temporaryFolder(), 'hook.mjs')
    writeFileSync(hook, `process.on('SIGUSR2', () => { ${what} })`)
    const { program, address } = await serveSkyline([], { NODE_OPTIONS: `--import=${pathToFileURL(hook).href}` })
    const pilot = await Pilot.dial(address)
    await pilot.ask('HELLO\n\nMOVE 1000000 0\n\n', 'MOVING_TO')
    const since = performance.now()
    program.child.kill('SIGUSR2')
    const { code, stderr } = await program.exit
    const last = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
    expect(code).toBe(70)
    expect(last['level']).toBeGreaterThanOrEqual(50)
    expect(JSON.stringify(last)).toContain('out of the blue')
    row.figure = `gone after ${showMs(performance.now() - since)}, ${String(last['msg'])}`
    expect(performance.now() - since).toBeLessThan(5000)
  }
  row.limit = '1 s, x5'
})

item(72, 'kill -9 under load: the next server is there soon', async (row) => {
  const port = await freePort()
  const runs = scale(20, 2)
  let worstMs = 0
  for (let run = 0; run < runs; run++) {
    const since = performance.now()
    const { child, address, exit } = await spawnServer({ port })
    if (run > 0) worstMs = Math.max(worstMs, performance.now() - since)
    const pilots = await Promise.all(Array.from({ length: 10 }, () => Pilot.dial(address)))
    for (const pilot of pilots) {
      pilot.socket.on('error', () => {})
      pilot.send(`HELLO\n\n${numbered('WRITE hi', 5000)}`)
    }
    await Promise.all(pilots.map((pilot) => pilot.until('WRITTEN')))
    child.kill('SIGKILL')
    await exit
    await Promise.all(pilots.map((pilot) => pilot.ended.catch(() => {})))
    for (const { received } of pilots) expect(idsIn(received)).toEqual(idsIn(received).map((_, id) => id))
  }
  row.figure = `${runs} kills, the next served after ${showMs(worstMs)} at most`
  row.limit = '2 s, x5'
  expect(worstMs).toBeLessThan(10_000)
})

item(73, 'SIGSTOP and SIGCONT: what came meanwhile is answered once, in order', async (row) => {
  const { program, address } = await serveSkyline()
  const pilots = await Promise.all(Array.from({ length: 20 }, () => Pilot.dial(address)))
  await Promise.all(pilots.map((pilot) => pilot.ask('HELLO\n\n', 'AUTH_OK')))
  program.child.kill('SIGSTOP')
  const count = 1000
  for (const pilot of pilots) pilot.send(numbered('PING', count))
  const ms = scale(10_000, 500)
  await wait(ms)
  program.child.kill('SIGCONT')
  for (const pilot of pilots) {
    expect(idsIn(await pilot.until(`Id: ${count - 1}\r\n`))).toEqual(Array.from({ length: count }, (_, id) => id))
  }
  row.figure = `${ms} ms; 20 times ${count} replies in order`
})

item(74, 'the server stands still past a deadline: a message that came whole meanwhile is taken', async (row) => {
  const { program, address } = await serveSkyline(['--message-timeout', '300ms'])
  const pilot = await Pilot.dial(address)
  await pilot.ask('HELLO\n\nPING\n\nPI', 'PONG')
  program.child.kill('SIGSTOP')
  pilot.send('NG\nId: late\n\n')
  await wait(FULL ? 2000 : 600)
  program.child.kill('SIGCONT')
  await Promise.race([pilot.until('Id: late'), pilot.ended])
  row.figure = `${pilot.replies.at(-1)}`
  row.limit = 'OK PONG: no watchdog in this version, but the deadline stands still with the server'
  expect(pilot.replies.at(-1)).toBe('OK PONG')
})

const STATES = [
  { state: 'connected', input: '', seen: '' },
  { state: 'greeted', input: 'PING\n\n', seen: 'PONG' },
  { state: 'within HELLO', input: 'PING\n\nHELLO\nClient: a', seen: 'PONG' },
  { state: 'refused', input: 'MOVE 1 2\n\n', seen: 'EXPECTED_HANDSHAKE' },
  { state: 'authenticated', input: 'HELLO\n\n', seen: 'AUTH_OK' },
  { state: 'within a message', input: 'HELLO\n\nMOVE 1', seen: 'AUTH_OK' },
  { state: 'waiting', input: 'HELLO\n\nMOVE 1000000 0\n\nWAIT\n\nPING\n\n', seen: 'MOVING_TO' },
  { state: 'writing', input: `HELLO\n\n${'HELP\n\n'.repeat(20_000)}`, seen: 'OK HELP' },
  { state: 'after QUIT', input: 'HELLO\n\nQUIT\n\nmore', seen: 'BYE' },
  { state: 'after a fatal error', input: 'PING\0\n\nmore', seen: 'ERR PARSE' },
  { state: 'a stranger', input: 'GET / HTTP/1.1\n\n', seen: 'READY' },
]

item(105, 'a reset in every state: the server is rid of it, and serves on', async (row) => {
  const { program, address } = await serveSkyline()
  const other = await Pilot.dial(address)
  await other.ask('HELLO\n\n', 'AUTH_OK')
  const rounds = scale(50, 5)
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      STATES.map(async ({ input, seen }) => {
        const pilot = await Pilot.dial(address)
        await pilot.ask(input, seen)
        pilot.socket.resetAndDestroy()
      }),
    )
  }
  const closed = () => program.stderr.split('"connection closed"').length - 1
  await until(() => closed() === rounds * STATES.length)
  await other.ask('STATUS\n\n', 'OK STATUS')
  expect(String(await talk(address, [Buffer.from('PING\n\n')]))).toContain('OK PONG')
  row.figure = `${rounds * STATES.length} resets in ${STATES.length} states`
})

item(100, 'a wrong start: exit 2 and one line that says why', async (row) => {
  const folder = temporaryFolder()
  const empty = join(folder, 'empty')
  writeFileSync(empty, '')
  const { address } = await serveSkyline()
  const starts = [
    { args: ['--listen', `127.0.0.1:${address.port}`], said: /is taken/ },
    { args: ['--listen', '0.0.0.0:0'], said: /not loopback/ },
    { args: ['--listen', 'nowhere'], said: /--listen/ },
    { args: ['--token-file', join(folder, 'missing')], said: /--token-file/ },
    { args: ['--token-file', empty], said: /empty/ },
    { args: ['--max-connections', '0'], said: /--max-connections/ },
    { args: ['--idle-timeout', '5 years'], said: /--idle-timeout/ },
    { args: ['--colour'], said: /--colour/ },
    { args: ['--listen', 'tls://127.0.0.1:0'], said: /--tls-cert/ },
    { args: ['--listen', 'tls://127.0.0.1:0', '--tls-cert', empty, '--tls-key', empty], said: /--tls-cert/ },
    { args: ['--tls-cert', join(folder, 'missing'), '--tls-key', empty], said: /--tls-cert/ },
  ]
  for (const { args, said } of starts) {
    const where = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
    const { code, stdout, stderr } = await runSkyline(['serve', ...where, ...args]).exit
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  }
  row.figure = `${starts.length} of ${starts.length} wrong starts`
})
