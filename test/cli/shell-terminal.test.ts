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

const skipped = hasScript ? '' : ', skipped: util-linux script is not installed'

/** The shell on a terminal, run by a command in which `shell` stands for it. */
async function sitDown(run = (shell: string) => shell) {
  const { address } = await startServer({ token: 's3cret' })
  const state = mkdtempSync(join(tmpdir(), 'skyline-shell-'))
  onTestFinished(() => rmSync(state, { recursive: true }))
  const command = run(`${process.execPath} ${MAIN} shell --connect ${formatAddress(address)}`)
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
  const prompt = `sim ${formatAddress(address)}> `
  await until(() => seen.includes(prompt))
  return {
    exit,
    prompt,
    seen: () => seen,
    type: (keys: string) => void child.stdin.write(keys),
    history: () => readFileSync(join(state, 'skyline', 'history'), 'utf8'),
  }
}

it.skipIf(!hasScript)(`the shell completes, edits, asks and quits on a real terminal${skipped}`, async () => {
  const { exit, seen, type, history } = await sitDown()
  type('mo')
  type('\t')
  await until(() => seen().includes('MOVE '))
  type('1 2\r')
  await until(() => seen().includes('MOVING_TO(1, 2)'))
  type('\x1b[A')
  type('\x03')
  type('\x04')
  expect(await exit).toBe(0)
  expect(seen()).toContain('BYE')
  expect(history()).toBe('MOVE 1 2\n')
})

it.skipIf(!hasScript)(`the shell goes on after Ctrl-Z and fg, with what was typed so far${skipped}`, async () => {
  const { exit, prompt, seen, type } = await sitDown((shell) => `bash -mc '${shell}; echo stopped; fg'`)
  type('MOVE 1')
  await until(() => seen().endsWith('MOVE 1'))
  type('\x1a')
  await until(() => seen().split('stopped')[1]?.includes(`${prompt}MOVE 1`) === true)
  type(' 2\r')
  await until(() => seen().includes('MOVING_TO(1, 2)'))
  type('\x04')
  expect(await exit).toBe(0)
})
