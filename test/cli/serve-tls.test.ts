import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { certificates, HAS_OPENSSL, type Pair } from '../support/certificates.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { selfSigned } from '../support/self-signed.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

// That SIGHUP with a bad certificate keeps the old one, for every kind of bad, is item 69 of the catalogue.

/** Files in a folder of their own. */
function files() {
  const folder = temporaryFolder()
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const pair = (name: string, { cert, key }: Pair): readonly string[] => [
    ...['--tls-cert', file(`${name}.crt`, cert)],
    ...['--tls-key', file(`${name}.key`, key)],
  ]
  return { file, pair, trust: ['--tls-ca', file('ca.pem', certificates().ca)] }
}

async function serveTls(args: readonly string[]) {
  const program = runSkyline(['serve', '--listen', 'tls://127.0.0.1:0', '--log-format', 'json', ...args])
  await until(() => program.stderr.includes('listening on') || program.child.exitCode !== null)
  const [, port = ''] = /"port":(\d+)/.exec(program.stderr) ?? []
  return { program, at: `tls://127.0.0.1:${port}`, named: `tls://localhost:${port}` }
}

const send = (at: string, args: readonly string[] = []) => runSkyline(['send', '--connect', at, ...args, 'PING']).exit

describe.skipIf(!HAS_OPENSSL)('tls://', () => {
  it('is spoken by serve, send, run and shell', async () => {
    const { file, pair, trust } = files()
    const { at, named } = await serveTls(pair('server', certificates().server))
    for (const address of [at, named]) {
      expect(await send(address, trust)).toEqual({ code: 0, signal: null, stdout: 'OK PONG\n', stderr: '' })
    }
    const script = file('script.txt', 'MOVE 1 2\nSTATUS\n')
    const { code, stdout } = await runSkyline(['run', '--connect', at, ...trust, script]).exit
    expect(code).toBe(0)
    expect(stdout).toContain('OK MOVING_TO(1, 2)')
    expect(await runSkyline(['shell', '--connect', at, ...trust]).exit).toMatchObject({ code: 0, stdout: 'OK BYE\n' })
  })

  it.each([
    { fault: '--tls-ca: there is no certificate in it', ca: 'none' },
    { fault: '--tls-cert: there is no certificate in it', cert: 'none' },
    { fault: '--tls-key: there is no private key in it', key: 'none' },
    { fault: '--tls-key is not the key of --tls-cert', key: () => certificates().server.key },
  ])('is not tried by a client that is given no good file: $fault', async ({ fault, ca, cert, key }) => {
    const { file } = files()
    const { pilot } = certificates()
    const args = [
      ...['--tls-ca', file('ca', ca ?? certificates().ca), '--tls-cert', file('cert', cert ?? pilot.cert)],
      ...['--tls-key', file('key', typeof key === 'function' ? key() : (key ?? pilot.key))],
    ]
    const { code, stderr } = await send('tls://127.0.0.1:1', args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: `skyline: ${fault}\n` })
  })

  it('asks clients for a certificate where the server has --tls-ca, and says why one will not do', async () => {
    const { pair, trust, file } = files()
    const crl = ['--tls-crl', file('crl.pem', certificates().crl)]
    const { program, at } = await serveTls([...pair('server', certificates().server), ...trust, ...crl])
    const pilot = pair('pilot', certificates().pilot)
    expect(await send(at, [...trust, ...pilot])).toMatchObject({ code: 0, stdout: 'OK PONG\n' })
    await until(() => program.stderr.includes('connection closed'))
    expect(program.stderr).toContain('"client":"pilot"')
    const refused = [
      { args: [], said: /certificate is refused: none was shown/ },
      { args: pair('expired', certificates().expired), said: /certificate is refused: .*expired/ },
      { args: pair('revoked', certificates().revoked), said: /certificate is refused: .*revoked/ },
      { args: pair('foreign', certificates().foreign), said: /certificate is refused: / },
    ]
    for (const { args, said } of refused) {
      const { code, stdout } = await send(at, [...trust, ...args])
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(said) })
    }
  })

  it('speaks TLS 1.2 with --tls-min 1.2, and not without', async () => {
    const { pair, trust } = files()
    const old = { NODE_OPTIONS: '--tls-max-v1.2' }
    for (const { args, code } of [
      { args: [], code: 3 },
      { args: ['--tls-min', '1.2'], code: 0 },
    ]) {
      const { at } = await serveTls([...pair('server', certificates().server), ...args])
      const sent = await runSkyline(['send', '--connect', at, ...trust, 'PING'], old).exit
      expect({ args, code: sent.code }).toEqual({ args, code })
      if (code === 3) expect(sent.stderr).toMatch(/no version of TLS/)
    }
  })
})

describe.skipIf(!HAS_OPENSSL)('a person is told, in one line and with exit code 3,', () => {
  const told = async (at: string, args: readonly string[], said: RegExp) => {
    const { code, stdout, stderr } = await send(at, args)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  }

  it('that the certificate is signed by nobody who is trusted', async () => {
    const { pair } = files()
    const { at } = await serveTls(pair('server', certificates().server))
    await told(at, [], /nobody who is trusted here has signed the certificate/)
  })

  it('that the certificate has expired', async () => {
    const { file, pair } = files()
    const expired = selfSigned({ name: 'localhost', days: -1 })
    const { named } = await serveTls(pair('server', expired))
    await told(named, ['--tls-ca', file('expired.pem', expired.cert)], /certificate of the server has expired/)
  })

  it('that the certificate is for other names', async () => {
    const { file, pair } = files()
    const other = selfSigned({ name: 'other.example' })
    const { named } = await serveTls(pair('server', other))
    await told(named, ['--tls-ca', file('other.pem', other.cert)], /certificate of the server is for other names/)
  })

  it('that the server speaks no TLS', async () => {
    const { address } = await serveSkyline()
    await told(`tls://127.0.0.1:${address.port}`, files().trust, /does not speak TLS/)
  })

  it('that the server speaks TLS, where they do not', async () => {
    const { pair } = files()
    const { at } = await serveTls(pair('server', certificates().server))
    await told(at.replace('tls://', ''), ['--timeout', '10s'], /\S/)
  })
})

describe.skipIf(!HAS_OPENSSL)('a start with files that will not do ends in one line, with exit code 2:', () => {
  const wrong: Record<string, { readonly args: (_: ReturnType<typeof files>) => readonly string[]; said: RegExp }> = {
    'no key': { args: ({ pair }) => pair('a', certificates().server).slice(0, 2), said: /--tls-key/ },
    'no certificate': { args: ({ pair }) => pair('a', certificates().server).slice(2), said: /--tls-cert/ },
    'an authority alone': { args: ({ trust }) => trust, said: /--tls-cert/ },
    'a list of the revoked without an authority': {
      args: ({ file, pair }) => [...pair('a', certificates().server), '--tls-crl', file('crl.pem', certificates().crl)],
      said: /--tls-ca/,
    },
    'a list of the revoked that is none': {
      args: ({ file, pair, trust }) => [
        ...[...pair('a', certificates().server), ...trust],
        ...['--tls-crl', file('noise.pem', 'noise')],
      ],
      said: /--tls-/,
    },
    'another’s key': {
      args: ({ pair }) => pair('a', { cert: certificates().server.cert, key: certificates().pilot.key }),
      said: /--tls-key/,
    },
    'an authority that is none': {
      args: ({ file, pair }) => [...pair('a', certificates().server), '--tls-ca', file('noise.pem', 'noise')],
      said: /--tls-ca/,
    },
    'a version that is none': {
      args: ({ pair }) => [...pair('a', certificates().server), '--tls-min', '1.1'],
      said: /--tls-min/,
    },
  }
  it.each(Object.entries(wrong))('%s', async (_, { args, said }) => {
    const { program } = await serveTls(args(files()))
    program.child.kill('SIGTERM')
    const { code, stderr } = await program.exit
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(said) })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

it.each([
  { program: 'serve', args: ['serve', '--tls-min', '1.2', '--listen', '127.0.0.1:0'], said: '--tls-min' },
  { program: 'send', args: ['send', '--tls-ca', 'ca.pem', '--connect', '127.0.0.1:1', 'PING'], said: '--tls-ca' },
])('$program refuses what is told of TLS where nothing speaks it', async ({ args, said }) => {
  const stderr = `skyline: ${said} is for a tls:// address, and there is none\n`
  expect(await runSkyline(args).exit).toMatchObject({ code: 2, stdout: '', stderr })
})

describe.skipIf(!HAS_OPENSSL)('at SIGHUP', () => {
  const hangUp = async (program: Awaited<ReturnType<typeof serveTls>>['program'], message: string) => {
    const count = () => program.stderr.split(`"${message}"`).length
    const before = count()
    program.child.kill('SIGHUP')
    await until(() => count() > before)
  }

  it('another authority takes the place of the old, for the clients to come', async () => {
    const { file, pair, trust } = files()
    const ca = file('clients.pem', certificates().ca)
    const { program, at } = await serveTls([...pair('server', certificates().server), '--tls-ca', ca])
    const pilot = [...trust, ...pair('pilot', certificates().pilot)]
    expect((await send(at, pilot)).code).toBe(0)
    file('clients.pem', certificates().server.cert)
    await hangUp(program, 'configuration read again')
    expect((await send(at, pilot)).code).toBe(1)
  })

  it('an authority that is none keeps the old, and pilots still get in', async () => {
    const { file, pair, trust } = files()
    const ca = file('clients.pem', certificates().ca)
    const { program, at } = await serveTls([...pair('server', certificates().server), '--tls-ca', ca])
    file('clients.pem', 'noise')
    program.child.kill('SIGHUP')
    await until(() => program.stderr.includes('read again'))
    expect(program.stderr).toContain('configuration not read again: the old one stays')
    expect((await send(at, [...trust, ...pair('pilot', certificates().pilot)])).code).toBe(0)
  })

  it('a server without TLS goes on', async () => {
    const { program, address } = await serveSkyline()
    await hangUp(program, 'configuration read again')
    expect((await send(`127.0.0.1:${address.port}`)).code).toBe(0)
  })
})
