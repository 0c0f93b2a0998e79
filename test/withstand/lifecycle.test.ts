import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { FULL, item, scale } from './item.ts'
import { countLog } from './support/count-log.ts'
import { showMs } from './support/figures.ts'

const count = (text: string, part: string): number => text.split(part).length - 1

item(53, 'a script and FIN: every command is answered, then FIN', async (row) => {
  const { address } = await startServer({ timeouts: { handshakeMs: 0, messageMs: 0, idleMs: 200 } })
  const pings = 'PING\n\n'.repeat(100)
  const script = (x: number) => `HELLO\n\nMOVE ${x} 0\nSpeed: 1000\n\nWAIT\n\n${pings}`
  const rounds = scale(100, 10)
  const since = performance.now()
  for (let round = 0; round < rounds; round++) {
    const answer = String(await talk(address, [Buffer.from(script(round % 2))]))
    expect(count(answer, 'OK ')).toBe(104)
    expect(answer.endsWith('OK PONG\r\n\r\n')).toBe(true)
  }
  row.figure = `${showMs((performance.now() - since) / rounds)} a script`
  row.limit = '104 replies each'
  if (spawnSync('nc', ['-h']).error !== undefined) return
  // Without FIN it is the idle limit that ends it.
  for (const flags of [['-N'], []]) {
    const nc = spawn('nc', [...flags, address.host, String(address.port)], { stdio: ['pipe', 'pipe', 'ignore'] })
    nc.stdin.end(script(0))
    const answer = await text(nc.stdout)
    expect(count(answer, 'OK ')).toBe(104)
    expect(answer.endsWith(flags.length > 0 ? 'OK PONG\r\n\r\n' : '')).toBe(true)
  }
})

item(54, 'FIN within a message: INCOMPLETE, and it is never run', async (row) => {
  const log = recordLog()
  const { address } = await startServer({ logger: log.logger })
  const message = 'WRITE never\nId: 1\n\n'
  const script = 'HELLO\n\nPING\n\n'
  for (let length = 1; length < message.length; length++) {
    const answer = String(await talk(address, [Buffer.from(script + message.slice(0, length))]))
    expect(answer.replace(/^.*?\r\n\r\n/s, '')).toMatch(
      /^OK AUTH_OK\r\n([^\r]+\r\n)*\r\nOK PONG\r\n\r\nERR INCOMPLETE\r\n([^\r]+\r\n)*\r\n$/,
    )
  }
  expect(String(await talk(address, [Buffer.from('HELLO\n\nSTATUS\n\n')]))).not.toContain('never')
  const closed = log.of('connection closed').filter(({ reason }) => reason === 'INCOMPLETE')
  expect(closed).toHaveLength(message.length - 1)
  row.figure = `${closed.length} of ${message.length - 1} cuts told`
})

item(55, 'FIN straight after connecting: nothing but lines at level info', async (row) => {
  const log = countLog()
  const { address } = await startServer({ logger: log.logger })
  const scans = scale(1000, 200)
  for (let scan = 0; scan < scans; scan += 50) {
    await Promise.all(Array.from({ length: 50 }, () => talk(address, [])))
  }
  await until(() => log.count('connection closed') === scans)
  expect(log.gravest).toBe(30)
  row.figure = `${scans} scans, gravest level ${log.gravest}`
  row.limit = 'level 30'
})

item(60, 'a zero window, and then not: delivery goes on in order', async (row) => {
  const { join } = await startScene()
  const { pilot, peer } = await join()
  const commands = scale(60_000, 20_000)
  pilot.socket.pause()
  const messages = Array.from({ length: commands }, (_, id) => `HELP\nId: ${id}\n\n`).join('')
  pilot.socket.end(`HELLO\n\n${messages}`)
  await until(() => peer.isPaused() && peer.writableLength > 0)
  if (FULL) await new Promise((resolve) => setTimeout(resolve, 5000))
  const stoppedAt = peer.bytesRead
  pilot.socket.resume()
  const ids = [...(await pilot.ended).matchAll(/\r\nId: (\d+)\r\n\r\n/g)].map(([, id]) => Number(id))
  expect(ids).toEqual(Array.from({ length: commands }, (_, id) => id))
  row.figure = `stood still at ${stoppedAt} B; ${ids.length} replies in order`
})

item(61, 'an idle session ends at its deadline, and no trickle before HELLO puts one off', async (row) => {
  const timeouts = { handshakeMs: 60_000, messageMs: 0, idleMs: 600_000 }
  const { join, clock } = await startScene({ timeouts })
  const [idle, stranger] = [await join(), await join()]
  await idle.pilot.ask('HELLO\n\n', 'AUTH_OK')
  for (let second = 0; second < 59; second++) {
    clock.advance(1000)
    await stranger.pilot.ask('PING\n\n', 'PONG')
  }
  expect(stranger.pilot.socket.readableEnded).toBe(false)
  clock.advance(1000)
  expect((await stranger.pilot.ended).includes('ERR HANDSHAKE_TIMEOUT')).toBe(true)
  clock.advance(539_999)
  await idle.pilot.ask('', '')
  expect(idle.pilot.replies.at(-1)).toBe('OK AUTH_OK')
  clock.advance(1)
  expect((await idle.pilot.ended).includes('ERR IDLE_TIMEOUT')).toBe(true)
  row.figure = 'ended at 600.000 s, not at 599.999 s'
})

item(62, 'connections up to the limit, and then more: BUSY and FIN, until there is room', async (row) => {
  const limit = scale(1000, 100)
  const log = countLog()
  const { address } = await startServer({ maxConnections: limit, logger: log.logger })
  const inside = await Promise.all(Array.from({ length: limit }, () => Pilot.dial(address)))
  await Promise.all(inside.map((pilot) => pilot.ask('HELLO\n\n', 'AUTH_OK')))
  const answers = await Promise.all(Array.from({ length: limit }, () => talk(address, [])))
  expect(answers.filter((answer) => answer.toString().startsWith('ERR BUSY\r\n'))).toHaveLength(limit)
  await Promise.all(inside.map((pilot) => pilot.ask('PING\n\n', 'PONG')))
  inside[0]?.socket.end()
  await until(() => log.count('connection closed') > 0)
  await (await Pilot.dial(address)).ask('HELLO\n\n', 'AUTH_OK')
  row.figure = `${limit} in, ${limit} of ${limit} more told BUSY`
})
