import type { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { converse, hears, secured, startTls } from '../withstand/support/tls.ts'

// The same at SIGHUP, with files, is item 69 of the catalogue.

const SCRIPT = 'HELLO\n\nPING\n\nQUIT\n\n'

/** The serial number of the certificate that the next connection is shown. */
async function serialAt(address: Address): Promise<string> {
  const socket = secured(address)
  await hears(socket, 'READY')
  const serial = serialOf(socket)
  socket.destroy()
  return serial
}

const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber

describe.skipIf(!HAS_OPENSSL)('a certificate that is renewed', () => {
  it('is shown to new connections, and old ones go on', async () => {
    const { server, address } = await startTls()
    const old = secured(address)
    await hears(old, 'READY')
    const first = serialOf(old)
    server.renew({ tls: certificates().nextServer })
    expect(await serialAt(address)).not.toBe(first)
    expect((await converse(old, SCRIPT)).received).toMatch(/OK AUTH_OK.*OK PONG.*OK BYE/s)
    server.renew({ tls: certificates().server })
    expect(await serialAt(address)).toBe(first)
  })

  it('is shown at all places, and at those to come', async () => {
    const { server, address } = await startTls()
    const second = await server.listen({ host: '127.0.0.1', port: 0, tls: true })
    const first = await serialAt(address)
    expect(await serialAt(second)).toBe(first)
    server.renew({ tls: certificates().nextServer })
    const third = await server.listen({ host: '127.0.0.1', port: 0, tls: true })
    const renewed = await serialAt(address)
    expect(renewed).not.toBe(first)
    expect([await serialAt(second), await serialAt(third)]).toEqual([renewed, renewed])
  })

  it.each([
    { what: 'nothing', tls: () => ({ cert: '', key: '' }) },
    { what: 'noise', tls: () => ({ cert: 'noise', key: 'noise' }) },
    {
      what: 'half a certificate',
      tls: () => {
        const { cert, key } = certificates().nextServer
        return { cert: cert.slice(0, cert.length / 2), key }
      },
    },
    {
      what: 'a key of another certificate',
      tls: () => ({ cert: certificates().nextServer.cert, key: certificates().pilot.key }),
    },
    { what: 'a CA that is none', tls: () => ({ ...certificates().nextServer, ca: 'noise' }) },
  ])('throws where it is $what, and the old one stays, at all places', async ({ tls }) => {
    const { server, address } = await startTls()
    const second = await server.listen({ host: '127.0.0.1', port: 0, tls: true })
    const before = await serialAt(address)
    expect(() => server.renew({ tls: tls() })).toThrow()
    expect([await serialAt(address), await serialAt(second)]).toEqual([before, before])
    const third = await server.listen({ host: '127.0.0.1', port: 0, tls: true })
    expect(await serialAt(third)).toBe(before)
  })

  it('asks nothing of clients that it did not ask before, and the other way round', async () => {
    const { ca, server: pair } = certificates()
    const open = await startTls()
    expect(() => open.server.renew({ tls: { ...pair, ca } })).toThrow(/asks none of them/)
    const closed = await startTls({ tls: { ...pair, ca } })
    expect(() => closed.server.renew({ tls: pair })).toThrow(/asks all of them/)
  })

  it('is not renewed where the credentials that come with it are none', async () => {
    const { server, address } = await startTls()
    const before = await serialAt(address)
    const credentials = { kind: 'shared', token: '' } as const
    expect(() => server.renew({ tls: certificates().nextServer, credentials })).toThrow()
    expect(await serialAt(address)).toBe(before)
  })

  it('takes the authority of the clients with it', async () => {
    const { ca, server: pair, pilot } = certificates()
    const { server, address } = await startTls({ tls: { ...pair, ca } })
    expect((await converse(secured(address, pilot), SCRIPT)).received).toContain('OK BYE')
    // A certificate that is its own authority, and no one else's.
    server.renew({ tls: { ...pair, ca: pair.cert } })
    expect((await converse(secured(address, pilot), SCRIPT)).received).toMatch(/^ERR AUTH_FAILED\r\n/)
    server.renew({ tls: { ...pair, ca } })
    expect((await converse(secured(address, pilot), SCRIPT)).received).toContain('OK BYE')
  })
})
