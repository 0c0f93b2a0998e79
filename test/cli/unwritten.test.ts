import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { MAIN, runSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

vi.setConfig({ testTimeout: 60_000 })

const FULL = '/dev/full'

/** Runs the built program with its standard output on a disk without space. */
async function onFullDisk(args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', openSync(FULL, 'w'), 'pipe'] })
  const [stderr, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
  return { code, stderr }
}

describe.skipIf(!existsSync(FULL))('where what it prints cannot be written', () => {
  it.each([
    [['--help']],
    [['--version']],
    [['serve', '--help']],
    [['run', '--check', 'fixtures/scripts/mistakes.txt']],
  ])('%j says so in one line, with an exit code of its own', async (args) => {
    const stderr = 'skyline: standard output: no space left on device\n'
    expect(await onFullDisk(args)).toEqual({ code: 74, stderr })
  })

  it('the exit code is the same where that cannot be said', async () => {
    const full = openSync(FULL, 'w')
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', full, full] })
    expect(await once(child, 'exit')).toEqual([74, null])
  })

  it.each(['', '# nobody yet\n'])('a token that nobody has seen is not added to a file of %j', async (before) => {
    const folder = temporaryFolder()
    const file = join(folder, 'tokens')
    if (before !== '') writeFileSync(file, before, { mode: 0o600 })
    const stderr = `skyline: standard output: no space left on device: ${file} has no token for alice\n`
    const done = await onFullDisk(['token', 'add', 'alice', '--role', 'pilot', '--file', file])
    expect(done).toEqual({ code: 2, stderr })
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(
      before === '' ? [] : [before],
    )
  })
})

it('says nothing where nobody reads what it prints', async () => {
  const { child, exit } = runSkyline(['--help'])
  child.stdout?.destroy()
  expect(await exit).toMatchObject({ code: 0, stderr: '' })
})
