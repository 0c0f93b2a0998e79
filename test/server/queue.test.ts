import { expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const BATCH = 50

it('keeps the replies that wait for a slow client apart from what others are told meanwhile', async () => {
  const { join } = await startScene()
  const { pilot: other } = await join()
  const greeting = other.received
  const help = (await other.ask('HELP\n\n', '\r\n\r\n')).slice(greeting.length)
  const { pilot: slow, peer } = await join()
  const opened = await slow.ask('HELLO\n\n', 'Drone: sim\r\n\r\n')
  slow.socket.pause()
  let asked = 0
  const askOn = async () => {
    slow.send('HELP\n\n'.repeat(BATCH))
    asked += BATCH
    await until(() => peer.bytesRead === 'HELLO\n\n'.length + asked * 'HELP\n\n'.length)
  }
  while (peer.writableLength === 0) await askOn()
  // The first part of the queue is what the kernel did not take; these are the next.
  await askOn()
  await other.ask(`${'HELP MOVE\n\n'.repeat(500)}PING\nId: last\n\n`, 'Id: last')
  slow.socket.resume()
  await until(() => slow.received.length >= opened.length + asked * help.length)
  expect(slow.received === opened + help.repeat(asked)).toBe(true)
})
