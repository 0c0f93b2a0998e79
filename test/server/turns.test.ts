import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const KIB = 1024
/** What Node reads, and what the server writes, in one go, at the most. */
const FULL_BYTES = 72 * KIB
/** So many of them are a connection's turn. */
const TURN = 4
/** The turns that a PING of another may have to wait for. */
const MAX_TURNS = 3
const PINGS = 20

it.each([
  { what: 'read of one that never stops sending', flood: 'PING\n\n', count: (peer: Socket) => peer.bytesRead },
  { what: 'written for one whose replies are long', flood: 'HELP\n\n', count: (peer: Socket) => peer.bytesWritten },
])('little is $what before it is the turn of another', async ({ flood, count }) => {
  const { join } = await startScene()
  const [{ pilot: loud, peer: loudPeer }, { pilot: other, peer: otherPeer }] = [await join(), await join()]
  for (const pilot of [loud, other]) await pilot.ask('HELLO\n\n', 'AUTH_OK')
  // What it is told is not kept.
  loud.socket.removeAllListeners('data').resume()
  const block = Buffer.from(flood.repeat(200_000))
  const keepOn = () => {
    while (loud.socket.writable && loud.socket.writableLength < block.length) loud.socket.write(block)
  }
  loud.socket.on('drain', keepOn)
  keepOn()
  const start = count(loudPeer)
  await until(() => count(loudPeer) > start + FULL_BYTES)
  const between: number[] = []
  for (let round = 0; round < PINGS; round++) {
    const before = count(loudPeer)
    otherPeer.once('data', () => between.push(count(loudPeer) - before))
    await other.ask('PING\n\n', 'OK PONG')
  }
  expect(between).toHaveLength(PINGS)
  // It was a flood all the while.
  expect(Math.max(...between)).toBeGreaterThan(0)
  expect(Math.max(...between)).toBeLessThanOrEqual(MAX_TURNS * TURN * FULL_BYTES)
  loud.socket.destroy()
})
