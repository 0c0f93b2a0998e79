import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { TickingClock } from '../support/fake-clock.ts'
import { startServer } from '../support/start-server.ts'

vi.setConfig({ testTimeout: 60_000 })

const SQUARE = new URL('../../fixtures/scripts/square.txt', import.meta.url).pathname

/** What the square is answered, first lines and positions. */
const REPLIES = [
  'OK READY',
  'OK AUTH_OK',
  'OK MOVING_TO(100, 0)',
  'OK ARRIVED X: 100 Y: 0 Z: 0',
  'OK MOVING_TO(100, 100)',
  'OK ARRIVED X: 100 Y: 100 Z: 0',
  'OK MOVING_TO(0, 100)',
  'OK ARRIVED X: 0 Y: 100 Z: 0',
  'OK MOVING_TO(0, 0)',
  'OK ARRIVED X: 0 Y: 0 Z: 0',
  'OK STATUS',
  'OK BYE',
]

const summarize = (answer: string): string[] =>
  [...answer.replaceAll('\r', '').matchAll(/^OK ([A-Z_]+.*)\n((?:.+\n)*)\n/gm)].map(([, first = '', headers = '']) =>
    first === 'ARRIVED' ? `OK ${first} ${headers.trimEnd().replaceAll('\n', ' ')}` : `OK ${first}`,
  )

/** Why a tool cannot be tried, to stand in a title; empty where it can. */
function absence(tool: string, args: readonly string[], wanted: RegExp): string {
  const { error, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' })
  if (error !== undefined) return `, skipped: ${tool} is not installed`
  return wanted.test(stdout + stderr) ? '' : `, skipped: ${tool} is another one`
}

/** What a tool writes that is given a script; `keepOpen` leaves its input open until it ends by itself. */
function run(tool: string, args: readonly string[], { keepOpen = false, input = readFileSync(SQUARE) } = {}) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    let answer = ''
    child.stdout.on('data', (chunk) => {
      answer += chunk
    })
    child.on('error', reject)
    child.on('close', () => resolve(answer))
    child.stdin.on('error', () => {})
    if (keepOpen) child.stdin.write(input)
    else child.stdin.end(input)
  })
}

async function serve(options: ServerOptions = {}): Promise<readonly [string, string]> {
  const { address } = await startServer({ clock: new TickingClock(), ...options })
  const { host, port }: Address = address
  return [host, String(port)]
}

const NO_NC = absence('nc', ['-h'], /OpenBSD/)
const NO_TELNET = absence('telnet', ['--version'], /inetutils/)
const NO_BASH = absence('bash', ['--version'], /bash/)

describe.skipIf(NO_NC !== '')(`nc${NO_NC}`, () => {
  it('flies the square, and gets every reply', async () => {
    expect(summarize(await run('nc', await serve()))).toEqual(REPLIES)
  })

  it('flies the square with -N, which ends its half at once, and gets every reply (F7)', async () => {
    expect(summarize(await run('nc', ['-N', ...(await serve())]))).toEqual(REPLIES)
  })

  it('flies the square with -C, which sends CR LF, as strict as the server may be (F2)', async () => {
    expect(summarize(await run('nc', ['-C', ...(await serve({ strictCrlf: true }))]))).toEqual(REPLIES)
  })

  it('gets every reply with -N to a script without a QUIT, then the end (F7)', async () => {
    const input = Buffer.from('HELLO\n\nMOVE 100 0\n\nWAIT\n\nPING\n\n')
    const answer = await run('nc', ['-N', ...(await serve())], { input })
    expect(summarize(answer)).toEqual([...REPLIES.slice(0, 4), 'OK PONG'])
  })

  it('is told of nc -C without it by a strict server (F2)', async () => {
    const answer = await run('nc', await serve({ strictCrlf: true }))
    expect(answer).toMatch(/\r\n\r\nERR BARE_LF\r\n(.*\r\n)*Hint: .*nc -C/)
  })
})

describe.skipIf(NO_TELNET !== '')(`telnet${NO_TELNET}`, () => {
  it('flies the square, and gets every reply', async () => {
    const answer = await run('telnet', await serve(), { keepOpen: true })
    expect(summarize(answer)).toEqual(REPLIES)
  })
})

describe.skipIf(NO_BASH !== '')(`bash${NO_BASH}`, () => {
  it('flies the square through /dev/tcp, and gets every reply', async () => {
    const [host, port] = await serve()
    const script = `exec 3<>/dev/tcp/${host}/${port} && cat >&3 && cat <&3`
    expect(summarize(await run('bash', ['-c', script]))).toEqual(REPLIES)
  })
})
