import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { type Program, runSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { answers, freePort } from '../withstand/support/spawn-server.ts'

export const TOKEN = 'soak-T0ken'
/** More than all loads hold at once. */
const MAX_CONNECTIONS = 400
const HOST = '127.0.0.1'
const TRY_AGAIN_MS = 10

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
  const [text, framed, versioned, tls] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const places = [`text://${HOST}:${text}`, `framed://${HOST}:${framed}`, `versioned://${HOST}:${versioned}`]
  places.push(`unix://${path}`)
  const options = ['--max-connections', String(MAX_CONNECTIONS), '--message-timeout', '5s']
  if (HAS_OPENSSL) {
    const { cert, key } = certificates().server
    places.push(`tls://${HOST}:${tls}`)
    options.push('--tls-cert', file('cert.pem', cert), '--tls-key', file('key.pem', key))
  }
  const listen = places.flatMap((place) => ['--listen', place])
  // Of a long run only errors are kept, of which there are to be none.
  const log = ['--log-level', 'error', '--log-format', 'json']
  const program = runSkyline(['serve', ...listen, ...options, ...log], { SKYLINE_TOKEN: TOKEN })
  while (!(await answers({ host: HOST, port: text }))) {
    if (program.child.exitCode !== null) throw new Error(`it does not listen: ${program.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
  }
  const byTcp = () => connect({ host: HOST, port: text, noDelay: true, allowHalfOpen: true })
  const byUnix = () => connect({ path, allowHalfOpen: true })
  const byTls = () => connectTls({ host: HOST, port: tls, ca: certificates().ca, servername: 'localhost' })
  return { program, ports: { text, framed, versioned }, ways: HAS_OPENSSL ? [byTcp, byUnix, byTls] : [byTcp, byUnix] }
}
