import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect } from 'vitest'
import { certificates, HAS_OPENSSL, type Pair } from '../support/certificates.ts'
import { runSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { FULL, scale } from './item.ts'
import { apart } from './support/apart.ts'
import { cpuMsOf, HAS_PROC, memoryOf, openFilesOf, quantile, showMegabytes, showMs } from './support/figures.ts'
import { converse, hears, secured } from './support/tls.ts'
import { handshakes, secureCrowd } from './support/tls-loads.ts'
import { itemIf } from './support/tried-if.ts'

const SCRIPT = 'HELLO\n\nPING\n\nQUIT\n\n'
const tlsItem = itemIf(HAS_OPENSSL && HAS_PROC, 'there is no openssl, or no /proc')

/** The program with a certificate of ours in a folder of its own. */
async function serveTls(args: readonly string[] = []) {
  const folder = temporaryFolder()
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const install = (pair: Pair) => {
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
  }
  install(certificates().server)
  const files = ['--tls-cert', cert, '--tls-key', key]
  const program = runSkyline(['serve', '--listen', 'tls://127.0.0.1:0', '--log-format', 'json', ...files, ...args])
  await until(() => program.stderr.includes('listening on') || program.child.exitCode !== null)
  const [, port] = /"port":(\d+)/.exec(program.stderr) ?? []
  const count = (message: string) => program.stderr.split(`"${message}"`).length - 1
  return { program, address: { host: '127.0.0.1', port: Number(port) }, install, cert, key, count }
}

/** The serial number of the certificate that a server shows. */
async function shownBy(socket: TLSSocket): Promise<string> {
  await hears(socket, 'READY')
  return socket.getPeerCertificate().serialNumber
}

tlsItem(68, 'SIGTERM while the certificate is renewed: one drain, and exit 0', async (row) => {
  const runs = scale(10, 2)
  for (let run = 0; run < runs; run++) {
    const { program, address, count } = await serveTls()
    const socket = secured(address)
    await hears(socket, 'READY')
    for (let hangUps = 0; hangUps < 3; hangUps++) program.child.kill('SIGHUP')
    program.child.kill('SIGTERM')
    program.child.kill('SIGHUP')
    expect((await converse(socket, '')).received).toContain('SHUTTING_DOWN')
    expect(await program.exit).toMatchObject({ code: 0, signal: null })
    expect(count('shutting down')).toBe(1)
  }
  row.figure = `${runs} of ${runs} runs`
})

tlsItem(69, 'SIGHUP with a good, a bad and a half-written certificate', async (row) => {
  const { program, address, install, cert, key, count } = await serveTls()
  const old = secured(address)
  const first = await shownBy(old)
  const hangUp = async (message: string) => {
    const before = count(message)
    program.child.kill('SIGHUP')
    await until(() => count(message) > before)
  }
  install(certificates().nextServer)
  await hangUp('configuration read again')
  const second = await shownBy(secured(address))
  expect(second).not.toBe(first)
  const good = readFileSync(cert, 'utf8')
  const foreignKey = certificates().pilot.key
  const keyText = readFileSync(key, 'utf8')
  for (const [badCert, badKey] of [
    ['', keyText],
    [good.slice(0, good.length / 2), keyText],
    ['noise', keyText],
    [good, foreignKey],
  ]) {
    writeFileSync(cert, String(badCert))
    writeFileSync(key, String(badKey))
    await hangUp('configuration not read again: the old one stays')
    expect(await shownBy(secured(address))).toBe(second)
  }
  expect((await converse(old, SCRIPT)).received).toContain('OK BYE')
  row.figure = 'good: the next has it; 4 of 4 bad: the old stays, logged'
})

tlsItem(78, 'silence, or a trickle, in place of a handshake: gone at the deadline', async (row) => {
  const count = scale(1000, 100)
  const { program, address } = await serveTls(['--handshake-timeout', '500ms'])
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
  const base = openFilesOf(program.child.pid)
  const since = performance.now()
  const gone = Array.from({ length: count }, (_, index) => {
    const socket = connect(address)
    socket.on('error', () => {})
    const trickle = Buffer.from('1603010200010001fc0303', 'hex')
    let sent = 0
    const timer = setInterval(() => void (socket.writable && socket.write(trickle.subarray(sent, ++sent))), 50)
    if (index % 2 === 0) clearInterval(timer)
    socket.resume()
    return new Promise<void>((resolve) =>
      socket.once('close', () => {
        clearInterval(timer)
        resolve()
      }),
    )
  })
  await Promise.all(gone)
  await until(() => openFilesOf(program.child.pid) <= base)
  const ms = performance.now() - since
  row.figure = `${count} gone after ${showMs(ms)}, open files back to ${base}`
  row.limit = '500 ms, x5'
  expect(ms).toBeLessThan(FULL ? 10_000 : 2500)
  expect((await converse(secured(address), SCRIPT)).received).toContain('OK BYE')
})

tlsItem(88, 'a flood of handshakes: a pilot is served meanwhile', async (row) => {
  const count = scale(3000, 150)
  const { program, address } = await serveTls()
  const pilot = secured(address)
  await hears(pilot, 'READY')
  const load = apart(handshakes, { address, count })
  const before = cpuMsOf(program.child.pid)
  let isOver = false
  void load.result.then(() => {
    isOver = true
  })
  const times: number[] = []
  while (!isOver) {
    const since = performance.now()
    pilot.write('PING\n\n')
    await hears(pilot, 'PONG')
    times.push(performance.now() - since)
  }
  const { failed, perSecond } = await load.result
  const each = (cpuMsOf(program.child.pid) - before) / count
  row.figure = `${perSecond.toFixed(0)}/s; ${each.toFixed(1)} ms CPU each; PING p99 ${showMs(quantile(times, 0.99))}`
  row.limit = 'p99 250 ms'
  expect(failed).toBe(0)
  expect(quantile(times, 0.99)).toBeLessThan(250)
})

tlsItem(107, 'idle connections within TLS cost bounded memory each', async (row) => {
  const count = scale(2000, 200)
  const { program, address } = await serveTls(['--max-connections', String(count + 10)])
  const warmUp = apart(handshakes, { address, count: 100 })
  await warmUp.result
  const before = memoryOf(program.child.pid)
  const load = apart(secureCrowd, { address, count })
  await load.ready
  const each = (memoryOf(program.child.pid) - before) / count
  row.figure = `${count}: ${showMegabytes(memoryOf(program.child.pid))}, ${(each / 1000).toFixed(1)} kB each`
  row.limit = FULL ? '90 kB each' : '150 kB each'
  expect(each).toBeLessThan(FULL ? 90_000 : 150_000)
  await load.stop()
})
