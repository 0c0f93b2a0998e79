import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'

vi.setConfig({ testTimeout: 30_000 })

/** The reads and the writes of a socket from here on. */
function count(socket: Socket) {
  const write = vi.spyOn(socket, 'write')
  let reads = 0
  socket.on('data', () => reads++)
  return { reads: () => reads, writes: () => write.mock.calls.length }
}

it('sends the replies of one read in one write', async () => {
  const { join } = await startScene()
  const { pilot, peer } = await join()
  const { reads, writes } = count(peer)
  await pilot.ask(`HELLO\n\n${'PING\n\n'.repeat(500)}STATUS\n\n`, 'OK STATUS')
  expect(pilot.replies).toHaveLength(1 + 502)
  expect(reads()).toBeLessThan(10)
  expect(writes()).toBe(reads())
})

it('sends the replies behind a WAIT in one write with its own', async () => {
  const { join, clock } = await startScene()
  const { pilot, peer } = await join()
  await pilot.ask(`HELLO\n\nMOVE 100 0\n\nWAIT\n\n${'PING\n\n'.repeat(100)}STATUS\n\n`, 'MOVING_TO')
  const { writes } = count(peer)
  clock.advance(1000)
  await pilot.until('OK STATUS')
  expect(writes()).toBe(1)
})

it('sends a large number of replies in writes of some 8 KiB, so that others get their turn', async () => {
  const { join } = await startScene()
  const { pilot, peer } = await join()
  const write = vi.spyOn(peer, 'write')
  await pilot.ask(`HELLO\n\n${'HELP\n\n'.repeat(1000)}PING\n\n`, 'OK PONG')
  const sizes = write.mock.calls.map(([chunk]) => (chunk as Uint8Array).length)
  expect(Math.max(...sizes)).toBeLessThan(16 * 1024)
  expect(sizes.length).toBeLessThan(pilot.received.length / 4096)
})

it('switches Nagle off, so that no reply waits for an acknowledgement', async () => {
  const { join } = await startScene()
  const { peer } = await join()
  // Node remembers the option that the server set on the socket, and skips to set it again.
  const handle = (peer as unknown as { _handle: { setNoDelay(on: boolean): void } })._handle
  const set = vi.spyOn(handle, 'setNoDelay')
  peer.setNoDelay(true)
  expect(set).not.toHaveBeenCalled()
})
