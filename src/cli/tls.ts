import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SessionOptions } from '../client/options.ts'
import type { TlsOptions } from '../server/tls.ts'
import { type Option, type ParsedArguments, usageError } from './options.ts'
import { readChoice } from './values.ts'

/** What a server shows, and demands, at tls:// addresses. */
export const SERVER_TLS_OPTIONS: readonly Option[] = [
  {
    name: 'tls-cert',
    value: 'FILE',
    help: 'certificate for tls:// addresses, with its chain, in PEM; read again at SIGHUP',
  },
  { name: 'tls-key', value: 'FILE', help: 'the private key of the certificate, in PEM' },
  { name: 'tls-ca', value: 'FILE', help: 'clients have to show a certificate that one of these has signed' },
  { name: 'tls-crl', value: 'FILE', help: 'certificates of clients that are revoked, in PEM; read again at SIGHUP' },
  { name: 'tls-min', value: 'VERSION', help: '1.3, or 1.2 for clients that are old (default 1.3)' },
]

/** What a client shows, and whom it trusts, at a tls:// address. */
export const CLIENT_TLS_OPTIONS: readonly Option[] = [
  { name: 'tls-ca', value: 'FILE', help: 'whom to trust at a tls:// address, in PEM (default: whom Node trusts)' },
  { name: 'tls-cert', value: 'FILE', help: 'certificate to show, where the server asks for one' },
  { name: 'tls-key', value: 'FILE', help: 'the private key of the certificate' },
]

/** Throws a usage error where something is told of TLS, and nothing speaks it: somebody would rely on that. */
export function checkTlsIsSpoken(isSpoken: boolean, { options }: ParsedArguments, known: readonly Option[]): void {
  const given = known.find(({ name }) => options.has(name))
  if (given !== undefined && !isSpoken) throw usageError(`--${given.name} is for a tls:// address, and there is none`)
}

const MIN_VERSIONS = { '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const

/** Reads the files of a server; undefined where none is named. */
export function readServerTls({ options }: ParsedArguments): TlsOptions | undefined {
  const { cert, key, ca } = readFiles(options)
  const crl = readPem(options, 'tls-crl')
  const minimum = readChoice('--tls-min', String(options.get('tls-min') ?? '1.3'), ['1.2', '1.3'] as const)
  if (cert === undefined && key === undefined && ca === undefined) return undefined
  if (cert === undefined || key === undefined) throw usageError('TLS takes both --tls-cert and --tls-key')
  if (crl !== undefined && ca === undefined) throw usageError('--tls-crl is for --tls-ca')
  return { cert, key, ca, crl, minVersion: MIN_VERSIONS[minimum] }
}

/** Reads the files of a client. */
export function readClientTls({ options }: ParsedArguments): NonNullable<SessionOptions['tls']> {
  const { cert, key, ca } = readFiles(options)
  if ((cert === undefined) !== (key === undefined)) throw usageError('--tls-cert and --tls-key belong together')
  // Of what is no certificate Node says nothing, and of another's key only that there is no connection.
  if (ca !== undefined) read('--tls-ca', 'certificate', () => new X509Certificate(ca))
  if (cert !== undefined && key !== undefined) {
    const certificate = read('--tls-cert', 'certificate', () => new X509Certificate(cert))
    const privateKey = read('--tls-key', 'private key', () => createPrivateKey(key))
    if (!certificate.checkPrivateKey(privateKey)) throw usageError('--tls-key is not the key of --tls-cert')
  }
  return { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) }
}

function read<T>(option: string, what: string, from: () => T): T {
  try {
    return from()
  } catch {
    throw usageError(`${option}: there is no ${what} in it`)
  }
}

const readFiles = (options: ParsedArguments['options']) => ({
  cert: readPem(options, 'tls-cert'),
  key: readPem(options, 'tls-key'),
  ca: readPem(options, 'tls-ca'),
})

function readPem(options: ParsedArguments['options'], name: string): Buffer | undefined {
  const file = options.get(name)
  if (file === undefined) return undefined
  try {
    return readFileSync(String(file))
  } catch (error) {
    throw usageError(`--${name} cannot be read: ${(error as Error).message}`)
  }
}
