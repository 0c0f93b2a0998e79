import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ServerOptions } from '../../src/server/options.ts'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { until } from '../support/until.ts'
import { watchAccepted } from '../support/watch-accepted.ts'
import { converse, hears, secured, startTls } from '../withstand/support/tls.ts'

// Plain text and HTTP at the port of TLS are item 77 of the catalogue, versions 81, ALPN 83, a crowd of silent ones 78.

const HANDSHAKE_MS = 5_000
/** How a ClientHello begins, and how long it says that it is. */
const TRICKLE = Buffer.from('1603010200010001fc0303', 'hex')
const SCRIPT = 'HELLO\n\nQUIT\n\n'

async function scene(options: Partial<ServerOptions> = {}) {
  const clock = new FakeClock()
  const log = recordLog()
  const { server, address } = await startTls({ clock, logger: log.logger, ...options })
  const accepted = watchAccepted(address.port)
  /** Connects without a word. */
  const dial = async (): Promise<{ readonly socket: Socket; readonly gone: Promise<string> }> => {
    const before = accepted.total
    const socket = connect(address)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    const gone = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
    await until(() => accepted.total > before)
    return { socket, gone }
  }
  return { server, address, clock, log, accepted, dial }
}

describe.skipIf(!HAS_OPENSSL)('a handshake', () => {
  it.each([
    { how: 'in silence', bytes: 0 },
    { how: 'as a trickle', bytes: TRICKLE.length },
  ])('that goes on $how is over after 5 s, with the socket, and without a word', async ({ bytes }) => {
    const { clock, log, accepted, dial } = await scene()
    const { socket, gone } = await dial()
    const step = HANDSHAKE_MS / (TRICKLE.length + 1)
    for (let sent = 0; sent < TRICKLE.length; sent++) {
      if (sent < bytes) await new Promise((resolve) => socket.write(TRICKLE.subarray(sent, sent + 1), resolve))
      clock.advance(step)
      expect(accepted.open).toBe(1)
    }
    clock.advance(step + 1)
    expect(await gone).toBe('')
    await until(() => accepted.open === 0)
    expect(log.of('TLS handshake failed')).toMatchObject([{ level: 30, reason: 'the handshake took too long' }])
    expect(clock.timers).toBe(0)
  })

  it('has less time where HELLO has less', async () => {
    const { clock, dial } = await scene({ timeouts: { handshakeMs: 700, messageMs: 0, idleMs: 0 } })
    const { gone } = await dial()
    clock.advance(700)
    expect(await gone).toBe('')
  })

  it('that is done has no deadline any more', async () => {
    const { address, clock, log } = await scene()
    const socket = secured(address)
    await hears(socket, 'READY')
    clock.advance(10 * HANDSHAKE_MS)
    expect((await converse(socket, SCRIPT)).received).toContain('OK BYE')
    expect(log.of('TLS handshake failed')).toEqual([])
  })

  // Node tells nobody of a reset in the midst of a handshake.
  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'leaves nothing behind of one that ends within it, by the deadline: %s',
    async (how) => {
      const { clock, accepted, dial } = await scene()
      const { socket, gone } = await dial()
      await new Promise((resolve) => socket.write(TRICKLE, resolve))
      socket[how]()
      clock.advance(HANDSHAKE_MS)
      expect(await gone).toBe('')
      await until(() => accepted.open === 0)
      expect(clock.timers).toBe(0)
    },
  )

  it('is part of the time that HELLO may take (section 5)', async () => {
    const { clock, dial } = await scene({ timeouts: { handshakeMs: 2000 } })
    const { socket } = await dial()
    clock.advance(1500)
    const shaken = connectTls({ socket, ca: certificates().ca, servername: 'localhost' })
    let received = ''
    shaken.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    shaken.on('error', () => {})
    await until(() => received.includes('OK READY'))
    clock.advance(500)
    await until(() => received.includes('ERR HANDSHAKE_TIMEOUT'))
    shaken.destroy()
  })

  it('is cut short by the end of the server', async () => {
    const { server, dial } = await scene()
    const { gone } = await dial()
    await server.close()
    expect(await gone).toBe('')
  })

  it('takes a place of those that have not said HELLO, until it has to go', async () => {
    const { address, dial } = await scene({ loopbackExempt: false, maxUnauthenticated: 2, random: () => 0 })
    const first = await dial()
    await dial()
    expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
    expect(await first.gone).toBe('')
  })

  it('takes a place among all connections, and one beyond them is closed without a word', async () => {
    const { address, dial, log } = await scene({ maxConnections: 2 })
    const { socket } = await dial()
    const pilot = secured(address)
    await hears(pilot, 'READY')
    expect((await converse(connect(address), '')).received).toBe('')
    expect(log.of('connection refused')).toMatchObject([{ level: 40, code: 'BUSY' }])
    socket.destroy()
    await until(() => socket.closed)
    expect((await converse(pilot, SCRIPT)).received).toContain('OK BYE')
  })

  it('that fails counts against its source: after the fifteenth that is kept out', async () => {
    const { address, clock, log, dial } = await scene({ loopbackExempt: false })
    for (let failure = 0; failure < 15; failure++) {
      const { socket, gone } = await dial()
      socket.write('HELLO\n\n')
      await gone
    }
    expect(log.of('TLS handshake failed')).toHaveLength(15)
    expect((await converse(secured(address), SCRIPT)).received).toBe('')
    clock.advance(15_000)
    expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  })
})

describe.skipIf(!HAS_OPENSSL)('TLS 1.2', () => {
  it('is spoken only where that was asked for', async () => {
    const old = { maxVersion: 'TLSv1.2' } as const
    const strict = await startTls()
    expect((await converse(secured(strict.address, old), SCRIPT)).received).toBe('')
    const lenient = await startTls({ tls: { ...certificates().server, minVersion: 'TLSv1.2' } })
    expect((await converse(secured(lenient.address, old), SCRIPT)).received).toContain('OK BYE')
  })
})

it('a server without a certificate listens for no TLS, and for the rest as ever', async () => {
  const { Server } = await import('../../src/server/server.ts')
  const server = new Server()
  onTestFinished(() => server.close())
  const where = { host: '127.0.0.1', port: 0 }
  await expect(server.listen({ ...where, tls: true })).rejects.toThrow('certificate')
  const pilot = await Pilot.dial(await server.listen(where))
  await pilot.ask('PING\n\n', 'OK PONG')
})
