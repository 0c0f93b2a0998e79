import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined

/** A key and a certificate of its own making for 127.0.0.1. */
function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(temporaryFolder(), name)) as [string, string]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', '/CN=skyline', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

it.skipIf(!hasOpenssl)('speaks TLS to a server behind a proxy that does, and trusts no other', async () => {
  const { address } = await startServer()
  const pair = selfSigned()
  const proxy = createServer(pair, (socket) => {
    const plain = connectPlain(address)
    for (const end of [socket, plain]) end.on('error', () => {})
    socket.pipe(plain).pipe(socket)
  })
  onTestFinished(() => void proxy.close())
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as { port: number }
  const client = await connect({ port, tls: { ca: pair.cert } })
  expect(await client.move({ x: 1, y: 2 })).toMatchObject({ x: 1, y: 2 })
  await client.close()
  await expect(connect({ port, tls: {} })).rejects.toMatchObject({
    code: 'CONNECTION_CLOSED',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  })
})
