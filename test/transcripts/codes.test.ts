import { readdirSync, readFileSync } from 'node:fs'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import type { Journal } from '../../src/recorder/journal.ts'
import { createEntry } from '../../src/server/identities.ts'
import { STATES } from '../../src/session/states.ts'
import { CODES, type Code } from '../../src/wire/codes.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { startFlying } from '../support/fly.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { dial, readAll, readUntil, talk } from '../support/talk.ts'
import { until } from '../support/until.ts'

const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url)
const transcripts = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.out'))
  .map((file) => readFileSync(new URL(file, FOLDER), 'latin1'))
  .join('')

const TIMEOUTS = { handshakeMs: 1000, messageMs: 0, idleMs: 0 }

/** What a server says that is left alone with some input until time has passed. */
async function afterAWhile(input: string, seen: string, timeouts: Partial<typeof TIMEOUTS>): Promise<string> {
  const clock = new FakeClock()
  const { address } = await startServer({ clock, timeouts: { ...TIMEOUTS, handshakeMs: 0, ...timeouts } })
  const socket = await dial(address)
  socket.write(input)
  await readUntil(socket, seen)
  const answer = readAll(socket)
  clock.advance(1000)
  socket.end()
  return (await answer).toString()
}

/** How each code comes about that no transcript can show, since it takes time, a fault or a full house. */
const OTHERS: Readonly<Partial<Record<Code, () => Promise<string>>>> = {
  HANDSHAKE_TIMEOUT: () => afterAWhile('', 'OK READY', { handshakeMs: 1000 }),
  MESSAGE_TIMEOUT: () => afterAWhile('PING\n\nPING\n', 'OK PONG', { messageMs: 1000 }),
  IDLE_TIMEOUT: () => afterAWhile('PING\n\n', 'OK PONG', { idleMs: 1000 }),
  BUSY: async () => {
    const { address } = await startServer({ maxConnections: 0 })
    return (await talk(address, [])).toString()
  },
  SHUTTING_DOWN: async () => {
    const { server, address } = await startServer()
    const socket = await dial(address)
    await readUntil(socket, 'OK READY')
    const answer = readAll(socket)
    const closed = server.close()
    const text = (await answer).toString()
    socket.end()
    await closed
    return text
  },
  RECORDER_UNAVAILABLE: async () => {
    const full = { available: false, append: () => {}, commit: () => {}, close: () => {} }
    const { address } = await startServer({ journal: full as unknown as Journal })
    return (await talk(address, [Buffer.from('HELLO\n\nMOVE 1 1\n\n')])).toString()
  },
  INTERNAL: async () => {
    const drone = new SimulatedDrone(new FakeClock())
    drone.show = () => {
      throw new Error('no display')
    }
    const { address } = await startServer({ drone })
    return (await talk(address, [Buffer.from('HELLO\n\nWRITE hi\n\n')])).toString()
  },
  UNSUPPORTED: async () => {
    const { address } = await startServer({ drone: new SimulatedDrone(new FakeClock(), { capabilities: new Set() }) })
    return (await talk(address, [Buffer.from('HELLO\n\nWRITE hi\n\n')])).toString()
  },
  EXPIRED: async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    clock.advance(1000)
    return `${await flyer.ask('MOVE 1 2\nTtl: 500\nSent: 0')}\r\n`
  },
  NOT_IN_CONTROL: async () => {
    const { fly } = await startFlying({ control: 'exclusive' })
    await (await fly()).ask('ACQUIRE')
    return `${await (await fly()).ask('MOVE 1 2')}\r\n`
  },
  FORBIDDEN: async () => {
    const { token, entry } = createEntry('eve', 'observer')
    const { fly } = await startFlying({ credentials: { kind: 'named', entries: [entry] } })
    return `${await (await fly(`Token: ${token}`)).ask('MOVE 1 2')}\r\n`
  },
  LINK_LOST: async () => {
    const drone = new SimulatedDrone(new FakeClock())
    drone.setLink('lost')
    const { address } = await startServer({ drone })
    return (await talk(address, [Buffer.from('HELLO\n\nSTOP\n\n')])).toString()
  },
}

/** The codes that are never on the wire, and where they stand instead. */
const NEVER_SENT: Readonly<Partial<Record<Code, () => Promise<string>>>> = {
  CONNECTION_CLOSED: async () => STATES.Closing.refusal,
  IO: async () => {
    const lines: string[] = []
    const logger = pino({}, { write: (line) => void lines.push(line) })
    const { server, address } = await startServer({ logger })
    const socket = await dial(address)
    await readUntil(socket, 'OK READY')
    socket.resetAndDestroy()
    await expect.poll(() => lines.some((line) => line.includes('connection closed'))).toBe(true)
    await server.close()
    return lines.find((line) => line.includes('connection closed')) ?? ''
  },
  SLOW_CONSUMER: async () => {
    const log = recordLog()
    const { join, clock } = await startScene({ logger: log.logger })
    const { pilot, peer, gone } = await join()
    pilot.socket.pause()
    pilot.send(`HELLO\n\n${'HELP\n\n'.repeat(20_000)}`)
    await until(() => peer.isPaused() && peer.writableLength > 0)
    clock.advance(20_000)
    await gone
    return String(log.of('connection closed')[0]?.['reason'])
  },
}

it.each(Object.keys(CODES) as Code[])('%s comes about (R6)', async (code) => {
  const elsewhere = OTHERS[code]
  const unsent = NEVER_SENT[code]
  if (elsewhere !== undefined) expect(await elsewhere()).toContain(`ERR ${code}\r\n`)
  else if (unsent !== undefined) expect(await unsent()).toContain(code)
  else expect(transcripts).toContain(`ERR ${code}\r\n`)
})

it('shows every code that a transcript shows as fatal or not as the table has it (R6)', () => {
  const shown = [...transcripts.matchAll(/ERR (\w+)\r\nReason: [^\r]*\r\nFatal: (yes|no)\r\n/g)]
  expect(shown.length).toBeGreaterThan(50)
  for (const [, code = '', fatal] of shown) {
    const rule = CODES[code as Code].fatal
    if (rule === true) expect([code, fatal]).toEqual([code, 'yes'])
    else if (!['PARSE', 'AUTH_FAILED'].includes(code)) expect([code, fatal]).toEqual([code, 'no'])
  }
})
