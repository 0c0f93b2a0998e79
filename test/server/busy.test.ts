import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

it('says BUSY in place of the greeting to the connection beyond the limit, then ends (R8)', async () => {
  const { address, join } = await startScene({ maxConnections: 2 })
  await join()
  const { pilot: last } = await join()
  const beyond = await Pilot.dial(address)
  expect(await beyond.ended).toMatch(/^ERR BUSY\r\nReason: [^\r]+\r\nFatal: yes\r\n([^\r]+\r\n)*\r\n$/)
  expect(beyond.replies).toHaveLength(1)
  await last.ask('PING\n\n', 'OK PONG')
})

it('destroys a connection that stays after it was told BUSY after 1 s (R3)', async () => {
  const { address, clock, peerOf } = await startScene({ maxConnections: 0 })
  const pilot = await Pilot.dial(address)
  await pilot.ended
  const peer = await peerOf(pilot)
  await until(() => peer.writableFinished)
  clock.advance(999)
  expect(peer.destroyed).toBe(false)
  clock.advance(1)
  expect(peer.destroyed).toBe(true)
})

it('survives connections that are reset before or after they were told BUSY', async () => {
  const { address, join } = await startScene({ maxConnections: 1 })
  const { pilot } = await join()
  for (let i = 0; i < 20; i++) {
    const [early, late] = await Promise.all([Pilot.dial(address), Pilot.dial(address)])
    early.socket.resetAndDestroy()
    await late.until('ERR BUSY')
    late.socket.resetAndDestroy()
  }
  await pilot.ask('PING\n\n', 'OK PONG')
})

it.each([
  { how: 'has quit', leave: (pilot: Pilot) => void pilot.socket.end('QUIT\n\n') },
  { how: 'has ended', leave: (pilot: Pilot) => void pilot.socket.end() },
  { how: 'was reset', leave: (pilot: Pilot) => void pilot.socket.resetAndDestroy() },
])('has a slot free again when a connection $how', async ({ leave }) => {
  const { address, join } = await startScene({ maxConnections: 1 })
  const { pilot: first, gone } = await join()
  expect(await (await Pilot.dial(address)).ended).toMatch(/^ERR BUSY/)
  leave(first)
  await gone
  const { pilot: second } = await join()
  expect(second.replies).toEqual(['OK READY'])
})
