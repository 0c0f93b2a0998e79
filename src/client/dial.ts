import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls'
import { ALPN_PROTOCOL } from '../wire/limits.ts'

/** Where a server is, and how to get there. */
export interface DialOptions {
  /** 127.0.0.1, if left out. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** A socket in the file system, in place of an address. */
  readonly path?: string | undefined
  /** Speaks TLS, with these options of node:tls: `{}` trusts whom Node trusts. */
  readonly tls?: TlsOptions | undefined
}

/** With these one who only listens finds out, within a minute or two, that nobody is there any more. */
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 }

/** Begins to connect. Throws a TypeError where there is nowhere to go. */
export function dial({ host = '127.0.0.1', port, path, tls }: DialOptions): Socket {
  if (path === undefined && port === undefined)
    throw new TypeError('A connection takes a port, or the path of a socket')
  const place = path === undefined ? { host, port: port as number } : { path }
  const options = { ...place, ...SOCKET_OPTIONS }
  return tls === undefined ? connect(options) : connectTls({ ALPNProtocols: [ALPN_PROTOCOL], ...tls, ...options })
}

const NOT_TRUSTED = 'nobody who is trusted here has signed the certificate of the server; if you know it, trust its CA'

/** What errors of TLS mean to a person. */
const TLS_ERRORS: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', NOT_TRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', NOT_TRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', NOT_TRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', NOT_TRUSTED],
  ['CERT_HAS_EXPIRED', 'the certificate of the server has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate of the server is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate of the server is for other names'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the server does not speak TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'the server does not speak TLS'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'the server takes no version of TLS that this client speaks'],
])

/** An error of a socket, with what it means, where that is not plain. */
export function explained(error: NodeJS.ErrnoException): Error {
  const meaning = TLS_ERRORS.get(error.code ?? '')
  if (meaning === undefined) return error
  return Object.assign(new Error(`${meaning} (${error.message.trim()})`, { cause: error }), { code: error.code })
}
