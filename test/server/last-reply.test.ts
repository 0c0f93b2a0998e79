import { describe, expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const CLIENTS = 60
const UNREAD = Buffer.from('PING\r\n\r\n'.repeat(8192))

/** Keeps sending for as long as the server has not ended. */
function sendOn({ socket }: Pilot): void {
  const more = () => {
    while (!socket.readableEnded && !socket.destroyed && socket.write(UNREAD));
  }
  socket.on('drain', more)
  more()
}

describe('a fatal reply', () => {
  it.each([
    { what: 'INVALID_UTF8', input: 'PING\r\nX-A: \xff\r\n\r\n' },
    { what: 'PARSE', input: 'PING\rPING\r\n\r\n' },
    { what: 'MESSAGE_TOO_BIG', input: `PING\r\nX-A: ${'a'.repeat(8192)}` },
  ])('reaches all of 60 clients that keep sending behind their $what, without a reset (R3)', async (fault) => {
    const { address } = await startScene()
    const pilots = await Promise.all(Array.from({ length: CLIENTS }, () => Pilot.dial(address)))
    for (const pilot of pilots) {
      pilot.send(fault.input)
      sendOn(pilot)
    }
    const told = await Promise.all(pilots.map(({ ended }) => ended))
    expect(told.filter((text) => text.includes(`ERR ${fault.what}\r\n`))).toHaveLength(CLIENTS)
    expect(told.filter((text) => text.includes('PONG'))).toEqual([])
  })

  it('reaches a client over the limit of connections that does not stop sending (R3, R8)', async () => {
    const { address } = await startScene({ maxConnections: 0 })
    const pilots = await Promise.all(Array.from({ length: CLIENTS }, () => Pilot.dial(address)))
    for (const pilot of pilots) sendOn(pilot)
    const told = await Promise.all(pilots.map(({ ended }) => ended))
    expect(told.filter((text) => text.startsWith('ERR BUSY\r\n'))).toHaveLength(CLIENTS)
  })

  it('is the last thing that is said, whatever follows (R3)', async () => {
    const { join } = await startScene()
    const { pilot } = await join()
    pilot.send('HELLO\n\nPING\0\n\nWRITE never\n\n')
    await pilot.ended
    expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'ERR PARSE'])
  })
})

it('says BYE last, and runs nothing that follows QUIT (R3)', async () => {
  const { join } = await startScene()
  const { pilot } = await join()
  pilot.send('QUIT\n\nPING\n\n')
  await pilot.ended
  expect(pilot.replies.slice(1)).toEqual(['OK BYE'])
})

describe('after the last reply', () => {
  it.each(['QUIT\n\n', 'PING\0\n\n'])(
    'the connection of a client that stays is destroyed after 1 s: %j (R3)',
    async (input) => {
      const { join, clock } = await startScene()
      const { pilot, peer } = await join()
      pilot.send(input)
      await pilot.ended
      await until(() => peer.writableFinished)
      clock.advance(999)
      expect(peer.destroyed).toBe(false)
      clock.advance(1)
      expect(peer.destroyed).toBe(true)
      expect(clock.timers).toBe(0)
    },
  )

  it('no trickle puts that off (R3)', async () => {
    const { join, clock } = await startScene()
    const { pilot, peer } = await join()
    await pilot.ask('QUIT\n\n', 'BYE')
    await until(() => peer.writableFinished)
    for (let sent = 1; sent < 10; sent++) {
      const before = peer.bytesRead
      pilot.send('x')
      await until(() => peer.bytesRead > before)
      clock.advance(100)
    }
    expect(peer.destroyed).toBe(false)
    clock.advance(100)
    expect(peer.destroyed).toBe(true)
  })

  it('the connection is gone as soon as the client has ended too', async () => {
    const { join, clock } = await startScene()
    const { pilot, gone } = await join()
    pilot.socket.end('QUIT\n\n')
    await pilot.ended
    await gone
    expect(clock.timers).toBe(0)
  })
})
