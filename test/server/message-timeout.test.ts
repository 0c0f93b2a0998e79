import { describe, expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const TIMEOUTS = { handshakeMs: 0, messageMs: 1000, idleMs: 0 }

describe('the message deadline', () => {
  it('runs from the first byte of a message to its boundary (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    clock.advance(5000)
    await pilot.ask('PING\n\nPING\n', 'OK PONG')
    clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    await pilot.ended
    expect(pilot.replies).toEqual(['OK READY', 'OK PONG', 'ERR MESSAGE_TIMEOUT'])
  })

  it('is not put off by a trickle (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    for (const [index, letter] of [...'PING\nNote:'].entries()) {
      pilot.send(letter)
      await until(() => peer.bytesRead === index + 1)
      expect(peer.writableEnded).toBe(false)
      clock.advance(100)
    }
    expect(peer.writableEnded).toBe(true)
    await pilot.until('ERR MESSAGE_TIMEOUT')
  })

  it('begins anew with each message, and not with a blank line between them (F4, section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    for (let i = 0; i < 5; i++) {
      await pilot.ask('PING\n\nPING\n', 'OK PONG')
      clock.advance(999)
      await pilot.ask('\n\r\n\n', 'OK PONG')
      clock.advance(5000)
    }
    expect(peer.writableEnded).toBe(false)
  })

  it('stands still during a WAIT, and then leaves the whole time (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    await pilot.ask('HELLO\n\nMOVE 1000 0\n\nWAIT\n\nPING\n', 'MOVING_TO')
    clock.advance(10_000)
    await pilot.until('OK ARRIVED')
    clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    await pilot.until('ERR MESSAGE_TIMEOUT')
  })

  it('stands still while the client takes no replies, and then leaves the whole time (section 5)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot, peer } = await join()
    const input = `${'HELP\n\n'.repeat(20_000)}PING\n`
    pilot.socket.pause()
    pilot.send(input)
    await until(() => peer.isPaused() && peer.writableLength > 0)
    clock.advance(9_000)
    expect(peer.writableEnded).toBe(false)
    pilot.socket.resume()
    await until(() => peer.bytesRead === input.length && !peer.isPaused() && peer.writableLength === 0)
    clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    await pilot.ended
    expect(pilot.replies.filter((line) => line === 'OK HELP')).toHaveLength(20_000)
    expect(pilot.replies.at(-1)).toBe('ERR MESSAGE_TIMEOUT')
  })

  it('comes after the replies to all commands taken, with no Id (R8)', async () => {
    const { join, clock } = await startScene({ timeouts: TIMEOUTS })
    const { pilot } = await join()
    await pilot.ask('PING\nId: a\n\nPING\nId: b\n', 'Id: a')
    clock.advance(1000)
    expect(await pilot.ended).not.toContain('Id: b')
    expect(pilot.received.split('ERR MESSAGE_TIMEOUT')[1]).not.toContain('Id:')
  })
})
