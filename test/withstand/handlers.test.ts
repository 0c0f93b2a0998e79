import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'
import { item, scale } from './item.ts'
import { countLog } from './support/count-log.ts'
import { ownCommand } from './support/own-command.ts'

item(57, 'the connection closes during a command: it is told, ends, and its reply is dropped', async (row) => {
  let begun = 0
  let aborted = 0
  let finished = 0
  const sleep = ownCommand('SLEEP', async (ms, { signal }) => {
    begun++
    signal.addEventListener('abort', () => void aborted++)
    await new Promise((resolve) => setTimeout(resolve, ms))
    finished++
  })
  const log = countLog()
  const { address } = await startServer({ commands: [sleep], logger: log.logger })
  const pilots = await Promise.all(Array.from({ length: scale(100, 20) }, () => Pilot.dial(address)))
  for (const { socket } of pilots) socket.write('HELLO\n\nSLEEP 100\n\n')
  await until(() => begun === pilots.length)
  for (const { socket } of pilots) socket.resetAndDestroy()
  await until(() => finished === pilots.length && log.count('connection closed') === pilots.length)
  expect(aborted).toBe(pilots.length)
  expect(log.gravest).toBe(30)
  row.figure = `${aborted} of ${pilots.length} handlers told`
})

item(70, 'a handler that throws or rejects costs its own command INTERNAL', async (row) => {
  const fail = ownCommand('FAIL', (n) => {
    if (n % 2 === 0) throw new Error('at once')
    return Promise.reject(new Error('later'))
  })
  const { address } = await startServer({ commands: [fail] })
  const [other, pilot] = [await Pilot.dial(address), await Pilot.dial(address)]
  const fails = scale(2000, 200)
  const messages = Array.from({ length: fails }, (_, n) => `FAIL ${n}\nId: ${n}\n\n`).join('')
  pilot.send(`HELLO\n\n${messages}PING\n\n`)
  await other.ask('PING\n\n', 'OK PONG')
  await pilot.until('OK PONG')
  expect(pilot.replies.filter((line) => line === 'ERR INTERNAL')).toHaveLength(fails)
  row.figure = `${fails} of ${fails} answered INTERNAL`
})

const MESSAGE_MS = 1000
const BLOCKED_MS = 1500

item(74, 'a handler blocks everything past a deadline: a message that came whole meanwhile is taken', async (row) => {
  const late: Pilot[] = []
  const block = ownCommand('BLOCK', (ms) => {
    // They are with the kernel when this is over, in time, and have yet to be read.
    for (const pilot of late) pilot.send('NG\n\n')
    const since = performance.now()
    while (performance.now() - since < ms);
  })
  const timeouts = { handshakeMs: 0, messageMs: MESSAGE_MS, idleMs: 0 }
  const { address } = await startServer({ commands: [block], timeouts })
  const blocker = await Pilot.dial(address)
  await blocker.ask('HELLO\n\n', 'AUTH_OK')
  for (let pilots = 0; pilots < 5; pilots++) {
    const pilot = await Pilot.dial(address)
    await pilot.ask('HELP PING\n\nPI', 'OK HELP')
    late.push(pilot)
  }
  await blocker.ask(`BLOCK ${BLOCKED_MS}\n\n`, 'OK DONE')
  await Promise.all(late.map((pilot) => Promise.race([pilot.until('OK PONG'), pilot.ended])))
  const taken = late.filter((pilot) => pilot.replies.at(-1) === 'OK PONG').length
  row.figure = `${taken} of ${late.length} taken after ${BLOCKED_MS} ms; there is no watchdog in this version`
  row.limit = `${late.length}`
  expect(taken).toBe(late.length)
})

item(106, 'a handler that never settles is answered INTERNAL in the end, and its session goes on', async (row) => {
  const hang = ownCommand('HANG', () => new Promise<void>(() => {}))
  const { join, clock } = await startScene({ commands: [hang] })
  const [{ pilot, peer }, { pilot: other }] = [await join(), await join()]
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  const input = 'HANG 1\nId: 1\n\nPING\nId: 2\n\n'
  const before = peer.bytesRead
  pilot.send(input)
  await until(() => peer.bytesRead === before + input.length)
  clock.advance(659_000)
  await other.ask('PING\n\n', 'PONG')
  expect(pilot.replies.at(-1)).toBe('OK AUTH_OK')
  clock.advance(2000)
  await pilot.until('Id: 2')
  expect(pilot.replies.slice(-2)).toEqual(['ERR INTERNAL', 'OK PONG'])
  row.figure = 'answered between 659 s and 661 s'
  row.limit = '660 s'
})
