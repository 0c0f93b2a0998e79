import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plot } from '../../src/cli/plot.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MOVE = new URL('../../fixtures/transcripts/020-move', import.meta.url).pathname
const TELEMETRY = '2026-01-02T03:04:05.678Z TELEMETRY Uptime=1 Drone="<sim>" X=1 Y=2 Z=3\n'

async function plotted(args: readonly string[]) {
  const run = runInProcess(plot, args)
  const code = await run.exit
  return { code, stdout: run.stdout, stderr: run.stderr }
}

function file(name: string, text: string): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

describe('skyline plot', () => {
  it.each(['', '.in', '.out'])('draws the transcript that is named with "%s" behind its name', async (suffix) => {
    const { code, stdout, stderr } = await plotted([MOVE + suffix])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [\s\S]*<\/svg>\n$/)
    expect(stdout).toContain(`<title>Track of sim, 020-move${suffix}</title>`)
  })

  it('draws what skyline watch has printed, and tells where that is cut off', async () => {
    const path = file('a&b.txt', `${TELEMETRY}2026-01`)
    const { code, stdout, stderr } = await plotted([path])
    expect({ code, stderr }).toEqual({ code: 0, stderr: `skyline: ${path}:2 is cut off, and left out\n` })
    expect(stdout).toContain('<title>Track of &lt;sim&gt;, a&amp;b.txt</title>')
  })

  it('writes the picture to a file, which it overwrites only with --force', async () => {
    const out = join(temporaryFolder(), 'track.svg')
    expect(await plotted([MOVE, '--out', out])).toEqual({ code: 0, stdout: '', stderr: '' })
    const svg = readFileSync(out, 'utf8')
    expect(svg).toMatch(/^<svg /)
    const other = file('other', TELEMETRY)
    const refusal = {
      code: 'USAGE',
      message: `${out} is there already: choose another name, or overwrite it with --force`,
    }
    await expect(plotted([other, '--out', out])).rejects.toMatchObject(refusal)
    expect(readFileSync(out, 'utf8')).toBe(svg)
    await plotted([other, '--out', out, '--force'])
    expect(readFileSync(out, 'utf8')).toContain('Track of &lt;sim&gt;')
  })

  it('leaves no file behind where there is nothing to draw', async () => {
    const out = join(temporaryFolder(), 'track.svg')
    await expect(plotted([file('empty', ''), '--out', out])).rejects.toMatchObject({ code: 'USAGE' })
    expect(existsSync(out)).toBe(false)
  })

  it.each([
    { fault: 'a file that is not there', args: () => ['/none/such'], named: '/none/such cannot be read' },
    { fault: 'a folder', args: () => [temporaryFolder()], named: 'cannot be read' },
    { fault: 'two files', args: () => [MOVE, MOVE], named: 'Unexpected argument' },
    { fault: 'a file without a track', args: () => [file('passwd', 'root:x:0\n')], named: 'passwd:1: wanted' },
    {
      fault: 'an output nowhere',
      args: () => [MOVE, '--out', '/none/such.svg'],
      named: '/none/such.svg cannot be written',
    },
    { fault: 'an output without a name', args: () => [MOVE, '--out', ''], named: '--out is to be a file' },
    {
      fault: 'an output that is a folder',
      args: () => [MOVE, '--force', '--out', temporaryFolder()],
      named: 'cannot be written',
    },
  ])('takes $fault for a usage error', async ({ args, named }) => {
    const refusal = { code: 'USAGE', message: expect.stringContaining(named) }
    await expect(plotted(args())).rejects.toMatchObject(refusal)
  })
})

describe.runIf(spawnSync('xmllint', ['--version']).status === 0)('where there is xmllint', () => {
  it('draws what that takes for XML', async () => {
    const { stdout } = await plotted([MOVE])
    expect(spawnSync('xmllint', ['--noout', '-'], { input: stdout, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })
})
