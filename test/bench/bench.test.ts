import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import type { Results } from './results.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const TIME_LIMIT_MS = 60_000

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })

it('measures a little of everything, writes it down, and compares it', { timeout: TIME_LIMIT_MS }, () => {
  const folder = temporaryFolder()
  const main = join(folder, 'test/bench/main.js')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  expect(node(TSC, '-p', 'test/bench', '--outDir', folder).stdout).toBe('')

  const quick = ['--rounds', '1', '--seconds', '0.05', '--idle', '5']
  const first = join(folder, 'first.json')
  const only = ['--only', 'text,1x100,250B,8000B,memory,start,growth']
  const run = node(main, ...quick, ...only, '--out', first)
  expect(run.stderr).not.toContain('failed')
  expect(run.status).toBe(0)
  expect(run.stdout.match(/^### .*$/gm)).toEqual([
    '### 1 connection, 100 requests deep',
    '### 1 connection, 16 deep, 250 bytes each',
    '### 1 connection, 16 deep, 8,000 bytes each',
    '### Memory of 5 idle connections, logged in',
    '### Start',
    '### Growth of the CPU for each request',
    '### One byte at a time, in process',
    '### Messages of 8 KB, in process',
  ])
  expect(run.stdout).toMatch(/^\| skyline +\| +[^|]+ \| +[^|]+ \| +[\d,]+ \| +[\d.]+× \| +\d+ %/m)

  const { loads, idles, starts, growths, failures } = JSON.parse(readFileSync(first, 'utf8')) as Results
  expect(failures).toEqual([])
  const scenarios = ['1x100', '250B', '8000B']
  const measured = scenarios.flatMap((scenario) => ['echo', 'text'].map((server) => ({ scenario, server, round: 0 })))
  expect(loads).toMatchObject(measured)
  expect(loads.every(({ requests, seconds }) => requests > 0 && seconds > 0)).toBe(true)
  expect(idles.map(({ server }) => server)).toEqual(['echo', 'text'])
  expect([starts.length, growths.length]).toEqual([1, 1])

  const again = node(main, ...quick, '--only', 'echo,1x100', '--out', join(folder, 'again.json'), '--compare', first)
  expect(again.status).toBe(0)
  expect(again.stdout).toMatch(/^### Since 2[\s\S]*^\| 1x100, echo +\|.* → .* → /m)
})
