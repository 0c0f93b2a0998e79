import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'

describe('the log has one line', () => {
  it('for listening, with the port that was found', async () => {
    const log = recordLog()
    const { address } = await startScene({ logger: log.logger })
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]).toMatchObject({ level: 30, host: '127.0.0.1', port: address.port, auth: 'none' })
    expect(log.lines[0]?.['msg']).toBe(`listening on 127.0.0.1:${address.port}`)
  })

  it('for a connection opened and one for it closed, with reason, counts and duration', async () => {
    const log = recordLog()
    const { join, clock } = await startScene({ logger: log.logger })
    const { pilot, gone } = await join()
    const peer = `127.0.0.1:${pilot.socket.localPort}`
    clock.advance(1500)
    const input = 'HELLO\nClient: me\n\nPING\n\nPIN\n\nQUIT\n\n'
    pilot.socket.end(input)
    await gone
    const [opened, refused, closed, ...more] = log.lines.slice(1)
    expect(more).toEqual([])
    expect(opened).toMatchObject({ connection: 1, peer, msg: 'connection opened' })
    expect(refused).toMatchObject({ connection: 1, code: 'UNKNOWN_COMMAND', msg: 'message refused' })
    expect(closed).toMatchObject({ connection: 1, peer, msg: 'connection closed', reason: 'QUIT', durationMs: 1500 })
    expect(closed).toMatchObject({
      messages: 4,
      failures: 1,
      client: expect.stringContaining('me'),
      bytesRead: input.length,
    })
  })

  it.each([
    { input: 'PING\n\n', reason: 'END' },
    { input: 'PING\n', reason: 'INCOMPLETE' },
    { input: 'PING\0\n\n', reason: 'PARSE' },
    { input: 'GET / HTTP/1.1\n\n', reason: 'HTTP' },
    { input: '\x16\x03\x01', reason: 'TLS' },
  ])('for a connection that closes because of $reason', async ({ input, reason }) => {
    const log = recordLog()
    const { join } = await startScene({ logger: log.logger })
    const { pilot, gone } = await join()
    pilot.socket.end(Buffer.from(input, 'latin1'))
    await gone
    expect(log.of('connection closed')).toMatchObject([{ reason }])
  })

  it('for a connection that was reset, with what the system said', async () => {
    const log = recordLog()
    const { join } = await startScene({ logger: log.logger })
    const { pilot, gone } = await join()
    pilot.socket.resetAndDestroy()
    await gone
    expect(log.of('connection closed')).toMatchObject([{ reason: 'IO', error: 'ECONNRESET' }])
  })

  it('for what crosses the network in the clear', async () => {
    const log = recordLog()
    const { server } = await startServer({ logger: log.logger, token: 's3cret' })
    const warning = 'not loopback, and no TLS: tokens and commands cross the network in the clear'
    expect(log.of(warning)).toHaveLength(0)
    await server.listen({ host: '0.0.0.0', port: 0 })
    expect(log.of(warning)).toHaveLength(1)
  })

  it('for a connection refused, with BUSY', async () => {
    const log = recordLog()
    const { address } = await startScene({ logger: log.logger, maxConnections: 0 })
    await (await Pilot.dial(address)).ended
    expect(log.lines.slice(1)).toMatchObject([{ code: 'BUSY', msg: 'connection refused' }])
  })

  it.each([
    { protocol: 'HTTP', input: 'POST / HTTP/1.1\r\nHost: x\r\n\r\nHELLO\r\n\r\nMOVE 1 2\r\n\r\n' },
    { protocol: 'TLS', input: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
  ])('for a stranger that speaks $protocol, as a warning, and the stranger is told nothing (F8)', async (stranger) => {
    const log = recordLog()
    const { join } = await startScene({ logger: log.logger })
    const { pilot, gone } = await join()
    pilot.send(stranger.input)
    expect((await pilot.ended).split('\r\n\r\n').slice(1)).toEqual([''])
    pilot.socket.end()
    await gone
    expect(log.of('security')).toMatchObject([{ level: 40, connection: 1, protocol: stranger.protocol }])
    expect(log.of('message refused')).toEqual([])
  })

  it('for each refused message, with its code and its place', async () => {
    const log = recordLog()
    const { join } = await startScene({ logger: log.logger })
    const { pilot } = await join()
    await pilot.ask('HELLO\n\nMOVE 1 two\n\nPING\nX : 1\n\nMOVE 1\n\nPING\n\n', 'OK PONG')
    expect(log.of('message refused')).toMatchObject([
      { code: 'BAD_ARGUMENT', param: 'Y' },
      { code: 'PARSE', line: 2 },
      { code: 'MISSING_ARGUMENT', param: 'Y' },
    ])
  })
})
