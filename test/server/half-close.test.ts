import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const FLIGHT = 'HELLO\n\nMOVE 100 0\n\nWAIT\n\nMOVE 100 200\n\nWAIT\n\nSTATUS\n\nPING\n\n'

it('gives every reply to a script that ended long before its flight, then FIN (F7)', async () => {
  const { join, clock } = await startScene()
  const { pilot, peer } = await join()
  pilot.socket.end(FLIGHT)
  await pilot.until('MOVING_TO(100, 0)')
  await until(() => peer.bytesRead === FLIGHT.length)
  clock.advance(1000)
  await pilot.until('MOVING_TO(100, 200)')
  expect(peer.writableEnded).toBe(false)
  clock.advance(2000)
  await pilot.ended
  expect(pilot.replies.slice(1)).toEqual([
    'OK AUTH_OK',
    'OK MOVING_TO(100, 0)',
    'OK ARRIVED',
    'OK MOVING_TO(100, 200)',
    'OK ARRIVED',
    'OK STATUS',
    'OK PONG',
  ])
})

it('leaves nothing behind of a connection that both sides have ended', async () => {
  const { join, clock } = await startScene({ timeouts: { handshakeMs: 10, messageMs: 10, idleMs: 10 } })
  const { pilot, gone } = await join()
  pilot.socket.end('PING\n\n')
  await pilot.ended
  await gone
  expect(clock.timers).toBe(0)
})

it('tells a script that ends within a message so, after all replies, and does not run that message (F7)', async () => {
  const { join } = await startScene()
  const { pilot } = await join()
  pilot.socket.end('HELLO\n\nPING\n\nWRITE never\n')
  await pilot.ended
  expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'OK PONG', 'ERR INCOMPLETE'])
  expect(pilot.received).toMatch(/\r\nFatal: yes\r\n(.*\r\n)*Hint: .*end a message with an empty line/)
})

it('ends without a word where nothing but blank lines came (F4, F7)', async () => {
  const { join } = await startScene()
  const { pilot } = await join()
  pilot.socket.end('\r\n\n\r\n')
  await pilot.ended
  expect(pilot.replies).toEqual(['OK READY'])
})

it('serves on after a thousand that connect and end at once', async () => {
  const { address, join } = await startScene()
  for (let batch = 0; batch < 10; batch++) {
    const scanners = await Promise.all(Array.from({ length: 100 }, () => Pilot.dial(address)))
    for (const { socket } of scanners) socket.end()
    await Promise.all(scanners.map(({ ended }) => ended))
  }
  const { pilot } = await join()
  await pilot.ask('PING\n\n', 'OK PONG')
})
