import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { MAIN, type TlsFiles } from './servers.ts'

/** What the server needs for TLS, made in a folder; or why there is none. */
export function makeTlsFiles(folder: string): TlsFiles | string {
  if (!HAS_OPENSSL) return 'there is no openssl to make certificates'
  const help = spawnSync(process.execPath, [MAIN, 'serve', '--help'], { encoding: 'utf8' }).stdout
  if (!help.includes('--tls-cert')) return 'this server has no TLS'
  const { ca, server } = certificates()
  const files = { certificate: server.cert, key: server.key, authority: ca }
  const written = Object.entries(files).map(([name, pem]) => {
    const file = join(folder, `${name}.pem`)
    writeFileSync(file, pem)
    return [name, file] as const
  })
  return Object.fromEntries(written) as unknown as TlsFiles
}
