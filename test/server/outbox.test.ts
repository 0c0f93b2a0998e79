import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import type { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

/** More replies than the kernel has room for, and more to read than is read ahead. */
const FLOOD = `HELP\nNote: ${'x'.repeat(40)}\n\n`.repeat(16_000)
const KIB = 1024
/** The longest message. */
const REPLY_BYTES = 8 * KIB

/** The bytes that the kernel has taken. */
const takenFrom = ({ bytesWritten, writableLength }: Socket): number => bytesWritten - writableLength

async function startFlood(opening: string) {
  const log = recordLog()
  const { join, clock } = await startScene({ logger: log.logger })
  const { pilot, peer, gone } = await join()
  const { pilot: other } = await join()
  pilot.socket.pause()
  pilot.send(opening + FLOOD)
  const closed = () => log.of('connection closed')
  return { clock, pilot, peer, gone, other, closed }
}

/** Reads until the server notices, and not a chunk longer. */
function takeSome({ socket }: Pilot, peer: Socket): Promise<void> {
  const before = takenFrom(peer)
  return new Promise((resolve) => {
    const look = () => {
      if (takenFrom(peer) === before) return
      socket.off('data', look).pause()
      resolve()
    }
    socket.on('data', look).resume()
  })
}

describe('what waits for a client that does not read', () => {
  it.each([
    { who: 'a stranger', opening: '', limit: 4 * KIB, collected: 4 * KIB },
    { who: 'a pilot', opening: 'HELLO\n\n', limit: 64 * KIB, collected: 64 * KIB },
  ])('$who: at most $limit bytes, and one batch of replies beyond it', async ({ opening, limit, collected }) => {
    const { peer, other } = await startFlood(opening)
    await until(() => peer.isPaused() && peer.writableLength > limit)
    const others = async () => {
      for (let round = 0; round < 50; round++) await other.ask('PING\n\n', 'OK PONG')
      return { bytesRead: peer.bytesRead, writableLength: peer.writableLength }
    }
    // Until what is read ahead is full, and what Node reads of itself.
    const still = await others()
    expect(still.writableLength).toBeLessThanOrEqual(limit + collected + REPLY_BYTES)
    expect(await others()).toEqual(still)
  })
})

describe('a client that takes none of its replies', () => {
  it.each([
    { who: 'a stranger', opening: '' },
    { who: 'a pilot', opening: 'HELLO\n\n' },
  ])('is closed as a SLOW_CONSUMER after 10 s, and not before: $who', async ({ opening }) => {
    const { clock, peer, gone, closed, other } = await startFlood(opening)
    await until(() => peer.isPaused() && peer.writableLength > 4 * KIB)
    for (let round = 0; round < 20; round++) await other.ask('PING\n\n', 'OK PONG')
    clock.advance(9_999)
    expect(peer.destroyed).toBe(false)
    clock.advance(1)
    await gone
    expect(closed()).toMatchObject([{ reason: 'SLOW_CONSUMER' }])
    await other.ask('PING\n\n', 'OK PONG')
  })

  it('stays as long as it takes some, and is closed 10 s after the last of that', async () => {
    const { clock, pilot, peer, gone, closed } = await startFlood('HELLO\n\n')
    await until(() => peer.isPaused() && peer.writableLength > 64 * KIB)
    clock.advance(9_000)
    await takeSome(pilot, peer)
    await until(() => peer.isPaused() && peer.writableLength > 0)
    clock.advance(9_900)
    expect(peer.destroyed).toBe(false)
    // Whether it took anything is looked at every 10 s.
    clock.advance(10_000)
    await gone
    expect(closed()).toMatchObject([{ reason: 'SLOW_CONSUMER' }])
  })
})

it('a client that has taken everything may be silent for any time', async () => {
  const { clock, pilot, peer } = await startFlood('HELLO\n\n')
  await until(() => peer.isPaused() && peer.writableLength > 64 * KIB)
  pilot.send('PING\nId: last\n\n')
  pilot.socket.resume()
  await until(() => pilot.received.endsWith('Id: last\r\n\r\n'))
  clock.advance(600_000)
  await pilot.ask('PING\nId: still-there\n\n', 'Id: still-there')
})
