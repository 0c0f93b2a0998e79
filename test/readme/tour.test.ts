import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startServer } from '../support/start-server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(`${ROOT}README.md`, 'utf8')
const tour = readme.split('## A one-minute tour')[1]?.split('\n## ')[0] ?? ''
const steps = [...tour.matchAll(/```sh\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/g)].map(
  ([, command = '', shown = '']) => ({
    command,
    shown,
  }),
)

const run = promisify(execFile)
const hasNetcat = spawnSync('nc', ['-h']).error === undefined

it('has steps', () => {
  expect(steps.length).toBeGreaterThanOrEqual(4)
})

it.skipIf(!hasNetcat)(
  `gives what the README shows, pasted into a shell${hasNetcat ? '' : ' (skipped: no nc here)'}`,
  async () => {
    const { address } = await startServer()
    for (const { command, shown } of steps) {
      const script = command.replaceAll('127.0.0.1 8080', `${address.host} ${address.port}`)
      const { stdout } = await run('bash', ['-c', script], { cwd: ROOT })
      expect(stdout.replaceAll('\r', '')).toBe(shown)
    }
  },
  20_000,
)
