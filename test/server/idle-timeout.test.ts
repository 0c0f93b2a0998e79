import { describe, expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 1000 }

describe('the idle deadline', () => {
  it('runs since the last complete message (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    for (let i = 0; i < 3; i++) {
      await pilot.ask('PING\n\n', 'OK PONG')
      clock.advance(999)
      expect(peer.writableEnded).toBe(false)
    }
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    await pilot.ended
    expect(pilot.replies.slice(-2)).toEqual(['OK PONG', 'ERR IDLE_TIMEOUT'])
  })

  it('runs from the greeting where no message comes', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot } = await join()
    clock.advance(1000)
    await pilot.ended
    expect(pilot.replies).toEqual(['OK READY', 'ERR IDLE_TIMEOUT'])
  })

  it.each(['\n\n\n\n\n\n\n\n\n\n', 'PING\nX-A:aa'])(
    'is not put off by a trickle that completes nothing: %j',
    async (text) => {
      const { join, clock } = await startScene({ timeouts: TIMEOUTS })
      const { pilot, peer } = await join()
      for (const [index, letter] of [...text.slice(0, 10)].entries()) {
        pilot.send(letter)
        await until(() => peer.bytesRead === index + 1)
        expect(peer.writableEnded).toBe(false)
        clock.advance(100)
      }
      expect(peer.writableEnded).toBe(true)
      await pilot.until('ERR IDLE_TIMEOUT')
    },
  )

  it('is not counted during a WAIT, and begins with its answer (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    await pilot.ask('HELLO\n\nMOVE 1000 0\n\nWAIT\n\n', 'MOVING_TO')
    clock.advance(9999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    await pilot.until('OK ARRIVED')
    clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    await pilot.until('ERR IDLE_TIMEOUT')
  })

  it('is not counted while commands stand unanswered because the client takes no replies (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    const input = 'HELP\n\n'.repeat(20_000)
    pilot.socket.pause()
    pilot.send(input)
    await until(() => peer.isPaused() && peer.writableLength > 0)
    clock.advance(9_000)
    pilot.socket.resume()
    const answered = () => pilot.received.length > 0 && peer.bytesRead === input.length && peer.writableLength === 0
    await until(() => peer.writableEnded || (answered() && !peer.isPaused()))
    expect(peer.writableEnded).toBe(false)
    await pilot.ask('PING\n\n', 'OK PONG')
    expect(pilot.replies.filter((line) => line === 'OK HELP')).toHaveLength(20_000)
    clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
  })
})

it('every deadline is off at 0 (section 5)', async () => {
  const { join, clock } = await startScene({ timeouts: { handshakeMs: 0, messageMs: 0, idleMs: 0 } })
  const { pilot } = await join()
  await pilot.ask('PING\n\nPING\n', 'OK PONG')
  clock.advance(10 ** 12)
  await pilot.ask('\n', 'OK PONG')
  expect(clock.timers).toBe(0)
})
