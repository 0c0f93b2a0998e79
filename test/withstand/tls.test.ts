import { connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { expect } from 'vitest'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item } from './item.ts'
import { countLog } from './support/count-log.ts'
import { converse, hears, helloFor, secured, startTls } from './support/tls.ts'
import { itemIf } from './support/tried-if.ts'

const tlsItem = itemIf(HAS_OPENSSL, 'there is no openssl')
const SCRIPT = 'HELLO\n\nPING\n\nQUIT\n\n'

tlsItem(77, 'plain text, HTTP and noise at the TLS port: closed, without a greeting', async (row) => {
  const log = countLog()
  const { address } = await startTls({ logger: log.logger })
  const inputs = [
    'HELLO\n\n',
    'GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x00\x05hello',
    '\0'.repeat(1000),
    'SSH-2.0-x\r\n',
  ]
  for (const input of inputs) {
    const { received } = await converse(connect(address), input)
    // An alert is seven bytes.
    expect(received.length).toBeLessThanOrEqual(7)
  }
  expect(log.gravest).toBe(30)
  expect(log.count('TLS handshake failed')).toBe(inputs.length)
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  row.figure = `${inputs.length} of ${inputs.length} closed, gravest level ${log.gravest}`
})

tlsItem(79, 'no client certificate where one is needed: refused by name, in either version', async (row) => {
  const { ca, server } = certificates()
  const { address } = await startTls({ tls: { ...server, ca, minVersion: 'TLSv1.2' } })
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { received } = await converse(secured(address, { maxVersion: version }), SCRIPT)
    expect(received).toMatch(/^ERR AUTH_FAILED\r\n/)
    expect(received).not.toContain('OK ')
  }
  row.figure = 'AUTH_FAILED in both'
})

tlsItem(
  80,
  'client certificates: expired, revoked, of another authority, for another use; and a good one',
  async (row) => {
    const { ca, crl, server, pilot, ...bad } = certificates()
    const log = recordLog()
    const { address } = await startTls({ tls: { ...server, ca, crl }, logger: log.logger })
    for (const name of ['expired', 'revoked', 'foreign', 'wrongUse'] as const) {
      const { received } = await converse(secured(address, bad[name]), SCRIPT)
      expect({ name, received }).toEqual({ name, received: expect.stringMatching(/^ERR AUTH_FAILED\r\n/) })
    }
    const reasons = log.of('connection refused').map(({ reason }) => String(reason))
    expect(reasons).toHaveLength(4)
    const { received } = await converse(secured(address, pilot), SCRIPT)
    expect(received).toMatch(/OK AUTH_OK.*OK PONG.*OK BYE/s)
    await until(() => log.of('connection closed').length > 0)
    expect(JSON.stringify(log.of('connection closed'))).toContain('pilot')
    row.figure = reasons.map((reason) => reason.replace(/^.*: /, '')).join('; ')
  },
)

tlsItem(81, 'TLS 1.1, and 1.2 where 1.3 is the least: no handshake', async (row) => {
  const { server } = certificates()
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const tries = [
    { least: 'TLSv1.2', offered: old },
    { least: 'TLSv1.3', offered: old },
    { least: 'TLSv1.3', offered: { maxVersion: 'TLSv1.2' } },
  ] as const
  const errors: string[] = []
  for (const { least, offered } of tries) {
    const { address } = await startTls({ tls: { ...server, minVersion: least } })
    const { received, error } = await converse(secured(address, offered), SCRIPT)
    expect(received).toBe('')
    errors.push(String(error))
    expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  }
  expect(errors.every((error) => /PROTO|ALERT|RESET|PIPE/.test(error))).toBe(true)
  row.figure = [...new Set(errors)].join(', ')
})

tlsItem(82, 'renegotiation in TLS 1.2, six times: none is answered', async (row) => {
  const { address } = await startTls({ tls: { ...certificates().server, minVersion: 'TLSv1.2' } })
  const verdicts: string[] = []
  for (let round = 0; round < 6; round++) {
    const socket = secured(address, { maxVersion: 'TLSv1.2' })
    await hears(socket, 'READY')
    const failed = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      socket.once('error', resolve)
      socket.renegotiate({}, resolve)
    })
    verdicts.push(failed?.code ?? 'answered')
    socket.destroy()
  }
  expect(verdicts).not.toContain('answered')
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  row.figure = `6 of 6: ${[...new Set(verdicts)].join(', ')}`
})

tlsItem(83, 'ALPN: a protocol that is not ours is refused, ours and none are taken', async (row) => {
  const { address } = await startTls()
  const refused = await converse(secured(address, { ALPNProtocols: ['h2', 'http/1.1'] }), SCRIPT)
  expect(refused.received).toBe('')
  const ours = secured(address, { ALPNProtocols: ['h2', 'skyline/1'] })
  expect((await converse(ours, SCRIPT)).received).toContain('OK BYE')
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  row.figure = String(refused.error)
})

tlsItem(84, 'server names that are unknown, an address, or 8 KB long', async (row) => {
  const { address } = await startTls()
  for (const servername of ['unknown.example', '']) {
    const socket = secured(address, { servername, checkServerIdentity: () => undefined })
    expect((await converse(socket, SCRIPT)).received).toContain('OK BYE')
  }
  for (const bytes of [9, 255, 256, 8192]) {
    const { received } = await converse(connect(address), helloFor(bytes).toString('latin1'))
    expect(received).not.toContain('READY')
  }
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  row.figure = 'default certificate, or an alert'
})

/** The ticket for another session that a server gives. */
async function ticketOf(socket: TLSSocket): Promise<Buffer> {
  const ticket = new Promise<Buffer>((resolve) => socket.once('session', resolve))
  await converse(socket, SCRIPT)
  return ticket
}

/** Whether a server has taken up the session that it was offered. */
const reuse = (socket: TLSSocket): Promise<boolean> =>
  new Promise((resolve) => socket.once('secureConnect', () => resolve(socket.isSessionReused())))

tlsItem(85, 'a session taken up again: not after the certificate was renewed, and never without HELLO', async (row) => {
  const { server: pair, nextServer, ca, pilot } = certificates()
  const { server, address } = await startTls({ tls: { ...pair, ca }, token: 's3cret' })
  const session = await ticketOf(secured(address, pilot))
  const early = secured(address, { ...pilot, session })
  const wasReused = reuse(early)
  expect((await converse(early, 'STATUS\n\nQUIT\n\n')).received).toContain('EXPECTED_HANDSHAKE')
  server.renew({ tls: { ...nextServer, ca } })
  const late = secured(address, { ...pilot, session })
  const isReused = reuse(late)
  expect((await converse(late, 'STATUS\n\nQUIT\n\n')).received).toContain('EXPECTED_HANDSHAKE')
  expect(await isReused).toBe(false)
  row.figure = `taken up before: ${await wasReused}; after: ${await isReused}`
})

item(86, 'STARTTLS is no command', async (row) => {
  const { address } = await startServer()
  const answer = String(await talk(address, [Buffer.from('STARTTLS\n\nSTARTTLS\nX: 1\n\nPING\n\n')]))
  expect(answer.match(/^[EO][RK]+ \w+/gm)).toEqual([
    'OK READY',
    'ERR UNKNOWN_COMMAND',
    'ERR UNKNOWN_COMMAND',
    'OK PONG',
  ])
  row.figure = 'UNKNOWN_COMMAND'
})

tlsItem(87, 'the connection under TLS ends within a message: it is never run', async (row) => {
  const log = recordLog()
  const { address, plain } = await startTls({ logger: log.logger })
  const ends: readonly ((raw: Socket) => void)[] = [
    (raw) => raw.destroy(),
    (raw) => raw.resetAndDestroy(),
    (raw) => raw.end(),
  ]
  for (const end of ends) {
    const raw = connect(address)
    const socket = secured(address, { socket: raw })
    const heard = hears(socket, 'PONG')
    socket.write('HELLO\n\nPING\n\nWRITE never\n')
    await heard
    end(raw)
  }
  await until(() => log.of('connection closed').length === ends.length)
  const other = await Pilot.dial(plain)
  await other.ask('HELLO\n\nSTATUS\n\n', 'OK STATUS')
  expect(other.received).not.toContain('never')
  row.figure = log
    .of('connection closed')
    .map(({ reason, error }) => String(error ?? reason))
    .join(', ')
})
