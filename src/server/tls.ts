import { constants, X509Certificate } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { SecureContextOptions, Server, TLSSocket } from 'node:tls'
import type { Clock } from '../time/clock.ts'
import { ALPN_PROTOCOL } from '../wire/limits.ts'
import { SOCKET_OPTIONS } from './listen.ts'

const require = createRequire(import.meta.url)
/** Loaded when it is first asked for: most servers speak no TLS, and start 8 ms of 165 sooner without. */
const tls = (): typeof import('node:tls') => require('node:tls')

export interface TlsOptions {
  /** Certificate chain and private key, in PEM. */
  readonly cert: string | Buffer
  readonly key: string | Buffer
  /** Certificates of those who may sign certificates of clients. With them every client has to show one. */
  readonly ca?: string | Buffer | undefined
  /** Lists of certificates of clients that are revoked, in PEM: with one, every authority of `ca` has to have its own. */
  readonly crl?: string | Buffer | undefined
  /** TLSv1.3, if left out. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
}

/** For so long a client may take to shake hands, in milliseconds. */
export const TLS_HANDSHAKE_MS = 5_000

/** A listener for TLS, and what it asks of whoever owns its connections. */
export interface SecureHost {
  readonly clock: Clock
  readonly handshakeMs: number
  /** A connection is there, as yet without a word. Returns whether it may go on. */
  accepted(raw: Socket): boolean
  /** It has shaken hands. */
  secured(socket: TLSSocket, raw: Socket): void
  /** It has not, and is gone. */
  failed(raw: Socket, reason: string): void
}

/** Throws where certificate, key, authorities or lists are none, or where key and certificate do not belong together. */
export function checkTls(options: TlsOptions): void {
  // Of what is no certificate at all Node says nothing, and goes on without.
  for (const [name, pem] of Object.entries({ certificate: options.cert, 'certificate of an authority': options.ca }))
    if (pem !== undefined && !CERTIFICATE.test(String(pem))) throw new Error(`there is no ${name} in it`)
  if (options.crl !== undefined && listsIn(options.crl).length === 0)
    throw new Error('there is no revocation list in it')
  if (options.ca !== undefined) for (const [pem] of String(options.ca).matchAll(CERTIFICATES)) new X509Certificate(pem)
  tls().createSecureContext(contextOf(options))
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/s
const CERTIFICATES = new RegExp(CERTIFICATE, 'gs')
const LISTS = /-----BEGIN X509 CRL-----.+?-----END X509 CRL-----/gs

export function createTlsServer(options: TlsOptions, host: SecureHost): Server {
  /** Those that are shaking hands, by the port at the other end: what the two sides of a connection have in common. */
  const pending = new Map<string, { readonly raw: Socket; readonly callOff: () => void }>()
  const server = tls().createServer({
    ...SOCKET_OPTIONS,
    ...contextOf(options),
    ALPNProtocols: [ALPN_PROTOCOL],
    requestCert: options.ca !== undefined,
    // Judged once there is a way to say why.
    rejectUnauthorized: false,
  })
  server.on('connection', (raw: Socket) => {
    raw.on('error', () => {})
    if (!host.accepted(raw)) return void raw.destroy()
    const key = endOf(raw)
    // Node's own limit only tells that it has passed, and a trickle puts it off.
    const callOff = host.clock.after(host.handshakeMs, () => {
      host.failed(raw, 'the handshake took too long')
      raw.destroy()
    })
    pending.set(key, { raw, callOff })
    raw.once('close', () => {
      callOff()
      pending.delete(key)
    })
  })
  server.on('secureConnection', (socket) => {
    const key = endOf(socket)
    const shaking = pending.get(key)
    if (shaking === undefined) return void socket.destroy()
    shaking.callOff()
    pending.delete(key)
    host.secured(socket, shaking.raw)
  })
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const shaking = pending.get(endOf(socket))
    if (shaking !== undefined) host.failed(shaking.raw, error.code ?? error.message)
    shaking?.raw.destroy()
    socket.destroy()
  })
  return server
}

/** Why a client's certificate is refused, or whom it names. */
export function identify(socket: TLSSocket): { readonly problem: string } | { readonly identity: string } {
  const certificate = socket.getPeerCertificate()
  if (certificate?.subject === undefined) return { problem: 'none was shown' }
  if (!socket.authorized) return { problem: String(socket.authorizationError).toLowerCase().replaceAll('_', ' ') }
  const name: unknown = certificate.subject.CN
  return typeof name === 'string' && name !== '' ? { identity: name } : { problem: 'it has no common name' }
}

/** Throws where a certificate cannot take the place of another: it is none, or what is asked of clients would change. */
export function checkTlsRenewal(before: TlsOptions | undefined, after: TlsOptions): void {
  checkTls(after)
  if (before === undefined) throw new Error('a server without a certificate has no address that could show one')
  if ((before.ca === undefined) === (after.ca === undefined)) return
  const want = before.ca === undefined ? 'asks none of them for one' : 'asks all of them for one'
  throw new Error(`who may sign the certificates of clients is told at the start: this server ${want}`)
}

/** Takes another certificate for the connections to come. */
export const renewTls = (server: Server, options: TlsOptions): void => server.setSecureContext(contextOf(options))

const contextOf = ({ cert, key, ca, crl, minVersion = 'TLSv1.3' }: TlsOptions): SecureContextOptions => ({
  cert,
  key,
  ...(ca === undefined ? {} : { ca }),
  ...(crl === undefined ? {} : { crl: listsIn(crl) }),
  minVersion,
  // Of TLS 1.2: a client that begins anew again and again costs much, and needs little.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
})

/** Of several in one text Node reads the first only. */
const listsIn = (crl: string | Buffer): string[] => String(crl).match(LISTS) ?? []

const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
