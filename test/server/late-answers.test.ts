import { expect, it } from 'vitest'
import { defineCommand } from '../../src/commands/define.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

// That one that never settles is answered after 11 minutes where nobody says otherwise is item 106 of the catalogue.

const LIMIT_MS = 1000
const TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: LIMIT_MS }

interface Call {
  readonly answer: (n: number) => void
  readonly fail: (error: Error) => void
}

/** A server whose command ASK is answered by the test. */
async function scene(timeouts: ServerOptions['timeouts'] = TIMEOUTS) {
  const calls: Call[] = []
  const ask = defineCommand(
    {
      name: 'ASK',
      parameters: [],
      summary: 'ask the test',
      example: 'ASK',
      reply: { summary: 'ANSWER', shown: ['N'], headers: [{ name: 'N', type: 'integer' }] },
    },
    () =>
      new Promise<{ n: number }>((resolve, reject) => {
        calls.push({ answer: (n) => resolve({ n }), fail: reject })
      }),
  )
  const log = recordLog()
  const { join, clock } = await startScene({ commands: [ask], logger: log.logger, timeouts })
  const { pilot } = await join()
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  const asked = (number: number) => until(() => calls.length === number)
  return { calls, log, clock, pilot, join, asked }
}

it('an answer in time is given, up to the last moment', async () => {
  const { calls, clock, pilot, asked } = await scene()
  pilot.send('ASK\nId: 1\n\n')
  await asked(1)
  clock.advance(LIMIT_MS - 1)
  calls[0]?.answer(7)
  expect(await pilot.until('Id: 1')).toContain('OK ANSWER(7)\r\nN: 7\r\nId: 1\r\n\r\n')
})

it('a command without an answer is answered INTERNAL, with its Id, and what stands behind it goes on', async () => {
  const { clock, pilot, log, asked } = await scene()
  pilot.send('ASK\nId: 1\n\nPING\nId: 2\n\n')
  await asked(1)
  clock.advance(LIMIT_MS)
  expect(await pilot.until('Id: 2')).toMatch(/ERR INTERNAL\r\n(?:[^\r]+\r\n)*Fatal: no\r\n(?:[^\r]+\r\n)*Id: 1\r\n\r\n/)
  expect(pilot.replies.slice(-2)).toEqual(['ERR INTERNAL', 'OK PONG'])
  expect(log.of('handler failed')).toMatchObject([{ command: 'ASK', err: { message: 'No answer came in time' } }])
})

it('an answer that comes too late is nobody’s: not the next command’s, and not that of another connection', async () => {
  const { calls, clock, pilot, join, asked } = await scene()
  const { pilot: other } = await join()
  await other.ask('HELLO\n\n', 'AUTH_OK')
  pilot.send('ASK\nId: late\n\nASK\nId: next\n\n')
  await asked(1)
  clock.advance(LIMIT_MS)
  await asked(2)
  other.send('ASK\nId: other\n\n')
  await asked(3)
  calls[0]?.answer(111)
  for (let round = 0; round < 20; round++) await (await join()).pilot.ask('PING\n\n', 'OK PONG')
  expect(pilot.replies.slice(2)).toEqual(['ERR INTERNAL'])
  expect(other.replies.slice(2)).toEqual([])
  calls[1]?.answer(222)
  calls[2]?.answer(333)
  expect(await pilot.until('Id: next')).toContain('OK ANSWER(222)')
  expect(await other.until('Id: other')).toContain('OK ANSWER(333)')
  expect(pilot.received + other.received).not.toContain('111')
})

it('a failure that comes too late is nobody’s either, and no error that nobody has caught', async () => {
  const { calls, clock, pilot, log, asked } = await scene()
  pilot.send('ASK\nId: late\n\nASK\nId: next\n\n')
  await asked(1)
  clock.advance(LIMIT_MS)
  await asked(2)
  calls[0]?.fail(new Error('too late'))
  await until(() => log.of('handler failed').length === 2)
  calls[1]?.answer(222)
  await pilot.until('Id: next')
  expect(pilot.replies.slice(2)).toEqual(['ERR INTERNAL', 'OK ANSWER(222)'])
})

it('each command has the whole time', async () => {
  const { calls, clock, pilot, asked } = await scene()
  pilot.send('ASK\nId: 1\n\nASK\nId: 2\n\n')
  await asked(1)
  clock.advance(LIMIT_MS - 1)
  calls[0]?.answer(1)
  await asked(2)
  clock.advance(LIMIT_MS - 1)
  calls[1]?.answer(2)
  await pilot.until('Id: 2')
  expect(pilot.replies.slice(2)).toEqual(['OK ANSWER(1)', 'OK ANSWER(2)'])
})

it('at 0 a command may take for ever', async () => {
  const { calls, clock, pilot, asked } = await scene({ ...TIMEOUTS, commandMs: 0 })
  pilot.send('ASK\nId: 1\n\n')
  await asked(1)
  clock.advance(10 * 86_400_000)
  calls[0]?.answer(9)
  expect(await pilot.until('Id: 1')).toContain('OK ANSWER(9)')
})

it('an answer that is none is INTERNAL, also to those who send it again under its Key', async () => {
  const nothing = defineCommand(
    {
      name: 'NOTHING',
      parameters: [],
      summary: 'answer nothing',
      example: 'NOTHING',
      reply: { summary: 'NOTHING', shown: [], headers: [] },
    },
    () => Promise.resolve(undefined as never),
  )
  const { join } = await startScene({ commands: [nothing] })
  const { pilot } = await join()
  await pilot.ask('HELLO\n\nNOTHING\nKey: a\n\nNOTHING\nKey: a\n\nPING\n\n', 'PONG')
  expect(pilot.replies.slice(-3)).toEqual(['ERR INTERNAL', 'ERR INTERNAL', 'OK PONG'])
})
