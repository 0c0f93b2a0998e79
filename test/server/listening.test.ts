import { describe, expect, it, onTestFinished } from 'vitest'
import type { ServerOptions } from '../../src/server/options.ts'
import { Server } from '../../src/server/server.ts'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'

function newServer(options: ServerOptions = {}): Server {
  const server = new Server(options)
  onTestFinished(() => server.close())
  return server
}

describe('a server', () => {
  it('finds a free port where it is given 0, and tells which', async () => {
    const { host, port } = await newServer().listen({ host: '127.0.0.1', port: 0 })
    expect(host).toBe('127.0.0.1')
    expect(port).toBeGreaterThan(0)
    await (await Pilot.dial({ host, port })).until('OK READY')
  })

  it('listens on a name', async () => {
    const address = await newServer().listen({ host: 'localhost', port: 0 })
    await (await Pilot.dial(address)).until('OK READY')
  })

  it.each(['0.0.0.0', '::', '::ffff:0.0.0.0', '192.0.2.1'])(
    'refuses to listen on %s without a token: only this machine may fly then (section 5)',
    async (host) => {
      await expect(newServer().listen({ host, port: 0 })).rejects.toMatchObject({ code: 'TOKEN_REQUIRED' })
    },
  )

  it('listens on every address with a token, and wants it', async () => {
    const { port } = await newServer({ token: 's3cret' }).listen({ host: '0.0.0.0', port: 0 })
    const pilot = await Pilot.dial({ host: '127.0.0.1', port })
    await pilot.until('Auth: token')
    await pilot.ask('HELLO\n\n', 'ERR AUTH_FAILED')
    await pilot.ask('HELLO\nToken: s3cret\n\n', 'AUTH_OK')
  })

  it('rejects where the port is taken, and the one that has it serves on', async () => {
    const { address, join } = await startScene()
    await expect(newServer().listen(address)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await join()
  })

  it('listens nowhere once it is closed, or is being closed', async () => {
    const server = newServer()
    const place = { host: '127.0.0.1', port: 0 }
    const underWay = server.listen(place)
    const closed = server.close()
    await expect(underWay).rejects.toThrow('The server is closed')
    await closed
    await expect(server.listen(place)).rejects.toThrow('The server is closed')
  })

  it.each(['', 'two words', 'tab\t', 'umläut', 'line\n'])(
    'takes no token that cannot be one: %j (section 5)',
    (token) => {
      expect(() => new Server({ token })).toThrow(TypeError)
    },
  )

  it('refuses a bare LF where that is asked for, and names nc -C (F2)', async () => {
    const { join } = await startScene({ strictCrlf: true })
    const { pilot } = await join()
    await pilot.ask('PING\r\n\r\n', 'OK PONG')
    pilot.send('PING\n')
    await pilot.ended
    expect(pilot.replies.slice(1)).toEqual(['OK PONG', 'ERR BARE_LF'])
    expect(pilot.received).toMatch(/\r\nHint: .*nc -C/)
  })

  it('ends a session at the third wrong token, with the same answer each time but for that (section 4)', async () => {
    const { join } = await startScene({ token: 's3cret' })
    const { pilot } = await join()
    pilot.send('HELLO\n\nHELLO wrong\n\nHELLO s3cret1\n\nHELLO s3cret\n\n')
    await pilot.ended
    const [first, second, third, ...more] = pilot.received.split('\r\n\r\n').slice(1, -1)
    expect(first).toMatch(/^ERR AUTH_FAILED\r\n/)
    expect(second).toBe(first)
    expect(third?.split('\r\n').slice(0, 3)).toEqual(
      first?.replace('Fatal: no', 'Fatal: yes').split('\r\n').slice(0, 3),
    )
    expect(more).toEqual([])
  })
})
