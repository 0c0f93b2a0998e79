import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pair } from './certificates.ts'
import { temporaryFolder } from './temporary-folder.ts'

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** A certificate for a server that is its own authority, by openssl; with negative days it has expired. */
export function selfSigned({ name, days = 1 }: { readonly name: string; readonly days?: number }): Pair {
  const folder = temporaryFolder()
  const [key = '', request = '', cert = ''] = ['key.pem', 'request.pem', 'cert.pem'].map((file) => join(folder, file))
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const names = ['-addext', `subjectAltName=DNS:${name}`]
  openssl('req', ...EC_KEY, '-subj', `/CN=${name}`, ...names, '-keyout', key, '-out', request)
  const sign = ['-signkey', key, '-copy_extensions', 'copyall', '-days', String(days)]
  openssl('x509', '-req', '-in', request, ...sign, '-out', cert)
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}
