import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item, scale } from './item.ts'
import { countLog } from './support/count-log.ts'

item(56, 'RST within a message, during a command and while replies are written', async (row) => {
  const log = countLog()
  const { address } = await startServer({ logger: log.logger })
  const other = await Pilot.dial(address)
  await other.ask('HELLO\n\n', 'AUTH_OK')
  const moments = [
    ['HELLO\n\nMOVE 1 2\nSpe', 'AUTH_OK'],
    ['HELLO\n\nMOVE 9999999 0\n\nWAIT\n\nPING\n\n', 'MOVING_TO'],
    [`HELLO\n\n${'HELP\n\n'.repeat(500)}`, 'OK HELP'],
  ] as const
  const rounds = scale(200, 20)
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      moments.map(async ([input, seen]) => {
        const pilot = await Pilot.dial(address)
        await pilot.ask(input, seen)
        pilot.socket.resetAndDestroy()
      }),
    )
  }
  await until(() => log.count('connection closed') === rounds * moments.length)
  await other.ask('STATUS\n\n', 'OK STATUS')
  expect(log.gravest).toBe(30)
  row.figure = `${rounds * moments.length} resets, all logged`
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
