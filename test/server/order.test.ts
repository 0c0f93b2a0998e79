import { expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'

vi.setConfig({ testTimeout: 30_000 })

it('holds back what stands behind a WAIT until that is answered, and then answers in order (R1)', async () => {
  const { join, clock } = await startScene()
  const { pilot } = await join()
  const legs = 'MOVE 100 0\nId: 1\n\nWAIT\nId: 2\n\nMOVE 100 100\nId: 3\n\nWAIT\nId: 4\n\nPING\nId: 5\n\n'
  await pilot.ask(`HELLO\nId: 0\n\n${legs}`, 'Id: 1\r\n')
  const { pilot: witness } = await join()
  await witness.ask('HELLO\n\n', 'AUTH_OK')
  clock.advance(999)
  await witness.ask('STATUS\n\n', 'State: moving\r\nX: 100\r\nY: 0\r\n')
  expect(pilot.received).not.toContain('Id: 2')
  clock.advance(1)
  await pilot.until('Id: 3\r\n')
  expect(pilot.received).not.toContain('Id: 4')
  clock.advance(1000)
  await pilot.until('Id: 5\r\n')
  expect(pilot.replies.slice(1)).toEqual([
    'OK AUTH_OK',
    'OK MOVING_TO(100, 0)',
    'OK ARRIVED',
    'OK MOVING_TO(100, 100)',
    'OK ARRIVED',
    'OK PONG',
  ])
  expect([...pilot.received.matchAll(/Id: (\d)/g)].map(([, id]) => id)).toEqual(['0', '1', '2', '3', '4', '5'])
})

it('a WAIT whose time runs out is answered TIMEOUT, and the next command runs (R1)', async () => {
  const { join, clock } = await startScene()
  const { pilot } = await join()
  await pilot.ask('HELLO\n\nMOVE 1000 0\n\nWAIT 500\nId: w\n\nSTATUS\n\n', 'MOVING_TO')
  clock.advance(499)
  expect(pilot.received).not.toContain('TIMEOUT')
  clock.advance(1)
  const answer = await pilot.until('OK STATUS')
  expect(answer).toMatch(/ERR TIMEOUT\r\nReason: [^\r]+\r\nFatal: no\r\n([^\r]+\r\n)*Id: w\r\n\r\nOK STATUS/)
  expect(answer).toContain('State: moving')
})

it('answers what comes while a WAIT runs only after it (R1)', async () => {
  const { join, clock } = await startScene()
  const { pilot, peer } = await join()
  await pilot.ask('HELLO\n\nMOVE 100 0\n\nWAIT\n\n', 'MOVING_TO')
  const written = peer.bytesWritten
  for (let i = 0; i < 5; i++) pilot.send(`PING\nId: ${i}\n\n`)
  const { pilot: other } = await join()
  await other.ask('PING\n\n', 'OK PONG')
  expect(peer.bytesWritten).toBe(written)
  clock.advance(1000)
  await pilot.until('Id: 4')
  expect(pilot.replies.slice(-6)).toEqual(['OK ARRIVED', 'OK PONG', 'OK PONG', 'OK PONG', 'OK PONG', 'OK PONG'])
})

it('holds back any number of commands behind a WAIT', async () => {
  const { join, clock } = await startScene()
  const { pilot } = await join()
  const pings = Array.from({ length: 20_000 }, (_, id) => `PING\nId: ${id}\n\n`).join('')
  await pilot.ask(`HELLO\n\nMOVE 100 0\n\nWAIT\n\n${pings}QUIT\n\n`, 'MOVING_TO')
  clock.advance(1000)
  await pilot.ended
  const ids = [...pilot.received.matchAll(/Id: (\d+)/g)].map(([, id]) => Number(id))
  expect(ids).toEqual(Array.from({ length: 20_000 }, (_, id) => id))
  expect(pilot.replies.at(-1)).toBe('OK BYE')
})
