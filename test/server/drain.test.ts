import { describe, expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

describe('a server that closes', () => {
  it.each([
    { who: 'has just connected', input: '', seen: 'OK READY' },
    { who: 'is idle', input: 'HELLO\n\n', seen: 'AUTH_OK' },
    { who: 'is within a message', input: 'PING\n\nPING\n', seen: 'OK PONG' },
  ])('tells a client that $who SHUTTING_DOWN, and nothing else (R8)', async ({ input, seen }) => {
    const { server, join } = await startScene()
    const { pilot } = await join()
    await pilot.ask(input, input === '' ? '' : seen)
    const before = pilot.received
    const closed = server.close()
    const told = (await pilot.ended).slice(before.length)
    expect(told).toMatch(/^ERR SHUTTING_DOWN\r\nReason: [^\r]+\r\nFatal: yes\r\n([^\r]+\r\n)*\r\n$/)
    expect(told).not.toContain('Id:')
    pilot.socket.end()
    await closed
  })

  it('ends a running WAIT with SHUTTING_DOWN, and runs nothing that stands behind it (R1, R8)', async () => {
    const { server, join, clock } = await startScene()
    const { pilot } = await join()
    await pilot.ask('HELLO\n\nMOVE 100 0\n\nWAIT\nId: w\n\nWRITE no\nId: x\n\n', 'MOVING_TO')
    const closed = server.close()
    await pilot.ended
    clock.advance(1000)
    expect(pilot.replies.slice(2)).toEqual(['OK MOVING_TO(100, 0)', 'ERR SHUTTING_DOWN'])
    expect(pilot.received).not.toContain('Id:')
    pilot.socket.end()
    await closed
    expect(clock.timers).toBe(0)
  })

  it('delivers the replies in flight to a client that takes them late, then SHUTTING_DOWN', async () => {
    const { server, join } = await startScene()
    const { pilot, peer } = await join()
    pilot.socket.pause()
    pilot.send('HELP\n\n'.repeat(20_000))
    await until(() => peer.isPaused() && peer.writableLength > 0)
    const closed = server.close()
    pilot.socket.resume()
    await pilot.ended
    const replies = pilot.replies.slice(1)
    expect(replies.at(-1)).toBe('ERR SHUTTING_DOWN')
    expect(new Set(replies.slice(0, -1))).toEqual(new Set(['OK HELP']))
    expect(pilot.received.endsWith('\r\n\r\n')).toBe(true)
    pilot.socket.end()
    await closed
  })

  it('is closed within 10 s although a client takes no replies', async () => {
    const { server, join, clock } = await startScene()
    const { pilot, peer } = await join()
    pilot.socket.pause()
    pilot.send('HELP\n\n'.repeat(20_000))
    await until(() => peer.isPaused() && peer.writableLength > 0)
    const closed = server.close()
    await until(() => clock.timers > 0)
    clock.advance(5000)
    expect(peer.destroyed).toBe(false)
    clock.advance(4999)
    await closed
    expect(clock.timers).toBe(0)
  })

  it('is closed a second after its last words although a client stays (R3)', async () => {
    const { server, join, clock } = await startScene()
    const { pilot, peer } = await join()
    const closed = server.close()
    await pilot.ended
    await until(() => peer.writableFinished)
    clock.advance(999)
    expect(peer.destroyed).toBe(false)
    clock.advance(1)
    await closed
  })

  it('takes no new connections while its last ones end', async () => {
    const { server, address, join, clock } = await startScene()
    const { pilot } = await join()
    const closed = server.close()
    await pilot.ended
    await expect(Pilot.dial(address)).rejects.toThrow('ECONNREFUSED')
    clock.advance(10_000)
    await closed
  })

  it('leaves alone a client that has just quit, and that has been told BUSY', async () => {
    const { server, address, join } = await startScene({ maxConnections: 1 })
    const { pilot } = await join()
    const beyond = await Pilot.dial(address)
    await beyond.ended
    await pilot.ask('QUIT\n\n', 'BYE')
    await pilot.ended
    const closed = server.close()
    for (const { socket } of [pilot, beyond]) socket.end()
    await closed
    expect([pilot.received, beyond.received].join('')).not.toContain('SHUTTING_DOWN')
  })

  it('may be closed twice', async () => {
    const { server, join } = await startScene()
    const { pilot } = await join()
    const closed = [server.close(), server.close()]
    await pilot.ended
    pilot.socket.end()
    await Promise.all(closed)
    await server.close()
    expect(pilot.replies).toEqual(['OK READY', 'ERR SHUTTING_DOWN'])
  })
})
