import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const MOMENTS = [
  { moment: 'before HELLO', input: '', seen: 'OK READY' },
  { moment: 'within HELLO', input: 'HELLO\nClient: a', seen: 'OK READY' },
  { moment: 'after HELLO', input: 'HELLO\n\n', seen: 'AUTH_OK' },
  { moment: 'within a message', input: 'HELLO\n\nMOVE 1', seen: 'AUTH_OK' },
  { moment: 'during a WAIT', input: 'HELLO\n\nMOVE 100000 0\n\nWAIT\n\n', seen: 'MOVING_TO', isFlying: true },
  {
    moment: 'during a WAIT with commands behind it',
    input: `HELLO\n\nMOVE 100000 0\n\nWAIT\n\n${'WRITE no\n\n'.repeat(100)}`,
    seen: 'MOVING_TO',
    isFlying: true,
  },
  { moment: 'after QUIT', input: 'QUIT\n\n', seen: 'BYE' },
  { moment: 'after a fatal error', input: 'PING\0\n\n', seen: 'ERR PARSE' },
]

it.each(MOMENTS)('a reset $moment ends that connection alone, and leaves nothing behind', async (row) => {
  const { input, seen, isFlying } = { isFlying: false, ...row }
  const { join, clock } = await startScene()
  const { pilot: other } = await join()
  await other.ask('HELLO\n\n', 'AUTH_OK')
  const { pilot, peer, gone } = await join()
  pilot.send(input)
  await pilot.until(seen)
  await until(() => peer.bytesRead === input.length)
  pilot.socket.resetAndDestroy()
  await gone
  // The drone's own, until it arrives.
  expect(clock.timers).toBe(isFlying ? 1 : 0)
  await other.ask('WRITE hi\n\nSTATUS\n\n', 'Text: hi\r\n')
})

it.each(MOMENTS)('a FIN $moment disturbs no other connection', async ({ input, seen }) => {
  const { join, clock } = await startScene()
  const { pilot: other } = await join()
  await other.ask('HELLO\n\n', 'AUTH_OK')
  const { pilot, gone } = await join()
  pilot.socket.end(input)
  await pilot.until(seen)
  await other.ask('STATUS\n\n', 'OK STATUS')
  clock.advance(2_000_000)
  await pilot.ended
  await gone
  await other.ask('PING\n\n', 'OK PONG')
  expect(clock.timers).toBe(0)
})

it('a reset of a client that took none of its replies ends that connection alone', async () => {
  const { join } = await startScene()
  const { pilot: other } = await join()
  const { pilot, peer, gone } = await join()
  pilot.socket.pause()
  pilot.send('HELP\n\n'.repeat(20_000))
  await until(() => peer.writableLength > 0)
  pilot.socket.resetAndDestroy()
  await gone
  await other.ask('PING\n\n', 'OK PONG')
})

it('serves on after five hundred resets straight after connecting', async () => {
  const { address, join } = await startScene()
  for (let batch = 0; batch < 10; batch++) {
    const scanners = await Promise.all(Array.from({ length: 50 }, () => Pilot.dial(address)))
    for (const { socket } of scanners) socket.resetAndDestroy()
  }
  const { pilot } = await join()
  await pilot.ask('PING\n\n', 'OK PONG')
})
