import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { item, scale } from './item.ts'
import { showMs } from './support/figures.ts'
import { freePort, spawnServer } from './support/spawn-server.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const numbered = (command: string, count: number) =>
  Array.from({ length: count }, (_, id) => `${command}\nId: ${id}\n\n`).join('')
const idsIn = (text: string) => [...text.matchAll(/\r\nId: (\d+)\r\n\r\n/g)].map(([, id]) => Number(id))

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
