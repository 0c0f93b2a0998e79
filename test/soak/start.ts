import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { type Program, runSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

export const TOKEN = 'soak-T0ken'
/** More than all loads hold at once. */
const MAX_CONNECTIONS = 400

export interface Soaked {
  readonly program: Program
  readonly ports: { readonly text: number; readonly framed: number; readonly versioned: number }
  /** Ways in for the text wire: each gives a new connection. */
  readonly ways: readonly [Way, ...Way[]]
}

export type Way = () => Socket

/** The built server at all the places where it can be. */
export async function startSoaked(): Promise<Soaked> {
  const folder = temporaryFolder()
  const path = join(folder, 'skyline.sock')
  const file = (name: string, text: string): string => {
    const where = join(folder, name)
    writeFileSync(where, text)
    return where
  }
  const places = ['text://127.0.0.1:0', 'framed://127.0.0.1:0', 'versioned://127.0.0.1:0', `unix://${path}`]
  const options = ['--max-connections', String(MAX_CONNECTIONS), '--message-timeout', '5s', '--log-level', 'warn']
  if (HAS_OPENSSL) {
    const { cert, key } = certificates().server
    places.push('tls://127.0.0.1:0')
    options.push('--tls-cert', file('cert.pem', cert), '--tls-key', file('key.pem', key))
  }
  const listen = places.flatMap((place) => ['--listen', place])
  // Where it listens is told at a level that a long run is not to be told all at: it is looked up.
  const program = runSkyline(['serve', ...listen, ...options, '--log-level', 'info', '--log-format', 'json'], {
    SKYLINE_TOKEN: TOKEN,
  })
  await until(() => program.stderr.split('listening on').length > places.length || program.child.exitCode !== null)
  const [text = 0, framed = 0, versioned = 0, tls = 0] = [...program.stderr.matchAll(/"port":(\d+)/g)].map(
    ([, digits]) => Number(digits),
  )
  const byTcp = () => connect({ host: '127.0.0.1', port: text, noDelay: true, allowHalfOpen: true })
  const byUnix = () => connect({ path, allowHalfOpen: true })
  const byTls = () => connectTls({ host: '127.0.0.1', port: tls, ca: certificates().ca, servername: 'localhost' })
  return { program, ports: { text, framed, versioned }, ways: HAS_OPENSSL ? [byTcp, byUnix, byTls] : [byTcp, byUnix] }
}
