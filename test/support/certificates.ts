import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const HAS_OPENSSL = spawnSync('openssl', ['version']).error === undefined

/** A certificate and its key, as PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

interface Wish {
  readonly name: string
  readonly days?: number
  /** Lines of an extension file of openssl. */
  readonly extensions?: readonly string[]
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const DAYS = 2
const EXPIRED_DAYS = -1
const FOR_LOCALHOST = ['subjectAltName=DNS:localhost,IP:127.0.0.1', 'extendedKeyUsage=serverAuth']
const FOR_CLIENTS = ['extendedKeyUsage=clientAuth']

/** All that a test of TLS needs: one authority, what it has issued, and one that nobody trusts. */
export interface Certificates {
  /** What to trust, as PEM. */
  readonly ca: string
  readonly server: Pair
  /** Another for the same names, to be changed to. */
  readonly nextServer: Pair
  /** For a client called `pilot`. */
  readonly pilot: Pair
  /** For a client called `pilot`, and revoked. */
  readonly revoked: Pair
  /** The list that tells so, as PEM. */
  readonly crl: string
  /** Another authority, and the list of those that it has revoked. */
  readonly otherCa: string
  readonly otherCrl: string
  /** For a client, and no longer valid. */
  readonly expired: Pair
  /** For a server, shown by a client. */
  readonly wrongUse: Pair
  /** For a client called `pilot`, issued by an authority that is not trusted. */
  readonly foreign: Pair
}

let made: Certificates | undefined

/** Makes them with openssl, once for all tests of a file. */
export function certificates(): Certificates {
  made ??= inFolder((folder) => {
    const [ca, otherCa] = [authority(folder, 'ca'), authority(folder, 'other-ca')]
    return {
      ca: ca.cert,
      server: ca.issue({ name: 'localhost', extensions: FOR_LOCALHOST }),
      nextServer: ca.issue({ name: 'localhost', extensions: FOR_LOCALHOST }),
      pilot: ca.issue({ name: 'pilot', extensions: FOR_CLIENTS }),
      ...revocation(ca, mkdtempSync(join(folder, 'ca-'))),
      otherCa: otherCa.cert,
      otherCrl: revocation(otherCa, mkdtempSync(join(folder, 'other-ca-'))).crl,
      expired: ca.issue({ name: 'pilot', days: EXPIRED_DAYS, extensions: FOR_CLIENTS }),
      wrongUse: ca.issue({ name: 'localhost', extensions: FOR_LOCALHOST }),
      foreign: otherCa.issue({ name: 'pilot', extensions: FOR_CLIENTS }),
    }
  })
  return made
}

function revocation({ issue, sign }: Authority, folder: string): Pick<Certificates, 'revoked' | 'crl'> {
  const revoked = issue({ name: 'pilot', extensions: FOR_CLIENTS })
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const index = file('index', '')
  const section = `[ca]\ndefault_ca=it\n[it]\ndatabase=${index}\ndefault_md=sha256\ndefault_crl_days=${DAYS}\n`
  const crl = join(folder, 'crl.pem')
  sign('-config', file('ca.conf', section), '-revoke', file('revoked.crt', revoked.cert))
  sign('-config', join(folder, 'ca.conf'), '-gencrl', '-out', crl)
  return { revoked, crl: readFileSync(crl, 'utf8') }
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'skyline-certificates-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Authority {
  readonly cert: string
  readonly issue: (wish: Wish) => Pair
  /** `openssl ca` with its certificate and key. */
  readonly sign: (...args: readonly string[]) => void
}

function authority(folder: string, name: string): Authority {
  const path = (file: string) => join(folder, `${name}-${file}`)
  const read = (file: string) => readFileSync(path(file), 'utf8')
  openssl('req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`, '-days', DAYS, ...outputs(path, 'ca'))
  let serial = 0
  const issue = ({ name: subject, days = DAYS, extensions = [] }: Wish): Pair => {
    const file = String(++serial)
    openssl('req', ...NEW_KEY, '-subj', `/CN=${subject}`, ...outputs(path, file))
    writeFileSync(path('extensions'), extensions.join('\n'))
    const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-set_serial', serial]
    const request = ['-req', '-in', path(`${file}.pem`), '-out', path(`${file}.crt`), '-days', days]
    openssl('x509', ...request, ...signer, '-extfile', path('extensions'))
    return { cert: read(`${file}.crt`), key: read(`${file}.key`) }
  }
  const sign = (...args: readonly string[]) =>
    openssl('ca', '-cert', path('ca.pem'), '-keyfile', path('ca.key'), ...args)
  return { cert: read('ca.pem'), issue, sign }
}

const outputs = (path: (file: string) => string, name: string): string[] => [
  '-keyout',
  path(`${name}.key`),
  '-out',
  path(`${name}.pem`),
]

const openssl = (...args: readonly (string | number)[]): void => {
  execFileSync('openssl', args.map(String), { stdio: 'pipe' })
}
