import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { formatAddress } from '../../src/server/address.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname
const { error, stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' })
const hasScript = error === undefined && stdout.includes('util-linux')

it.skipIf(!hasScript)(
  `the shell completes, edits, asks and quits on a real terminal${hasScript ? '' : ', skipped: util-linux script is not installed'}`,
  async () => {
    const { address } = await startServer({ token: 's3cret' })
    const state = mkdtempSync(join(tmpdir(), 'skyline-shell-'))
    onTestFinished(() => rmSync(state, { recursive: true }))
    const command = `${process.execPath} ${MAIN} shell --connect ${formatAddress(address)}`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', SKYLINE_TOKEN: 's3cret', XDG_STATE_HOME: state },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let seen = ''
    child.stdout.on('data', (chunk) => {
      seen += chunk
    })
    const exit = new Promise((resolve) => child.on('close', resolve))
    const prompts = () => seen.split(`sim ${formatAddress(address)}> `).length - 1
    await until(() => prompts() > 0)
    child.stdin.write('mo')
    child.stdin.write('\t')
    await until(() => seen.includes('MOVE '))
    child.stdin.write('1 2\r')
    await until(() => seen.includes('MOVING_TO(1, 2)'))
    child.stdin.write('\x1b[A')
    child.stdin.write('\x03')
    child.stdin.write('\x04')
    expect(await exit).toBe(0)
    expect(seen).toContain('BYE')
    expect(readFileSync(join(state, 'skyline', 'history'), 'utf8')).toBe('MOVE 1 2\n')
  },
)
