import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { runSkyline } from '../support/run-skyline.ts'

vi.setConfig({ testTimeout: 60_000 })

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const OPTIONS = [
  '--listen HOST:PORT',
  '--token-file FILE',
  '--strict-crlf',
  '--max-connections',
  '--handshake-timeout',
  '--message-timeout',
  '--idle-timeout',
  '--log-level',
  '--log-format',
  '--help',
]

it('shows its commands with --help', async () => {
  const { code, stdout, stderr } = await runSkyline(['--help']).exit
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: skyline /)
  expect(stdout).toMatch(/^ +serve /m)
})

it('shows what serve takes with serve --help, and starts nothing', async () => {
  const { code, stdout, stderr } = await runSkyline(['serve', '--listen', '127.0.0.1:0', '--help']).exit
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const option of OPTIONS) expect(stdout).toContain(`\n  ${option}`)
  expect(stdout).toContain('127.0.0.1:8080')
  expect(stdout).toContain('SKYLINE_TOKEN')
})

it.each([
  ['send', '-h'],
  ['help', 'send'],
])('shows what a command takes with %s %s', async (...args) => {
  const { code, stdout, stderr } = await runSkyline(args).exit
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: skyline send /)
})

it.each(['send', 'run', 'shell', 'watch', 'probe'])(
  'tells the exit codes, and whose token, with %s -h',
  async (name) => {
    const { stdout } = await runSkyline([name, '-h']).exit
    expect(stdout).toMatch(/^Exit code: 0/m)
    expect(stdout).toContain('the token to say HELLO with (or SKYLINE_TOKEN)\n')
  },
)

it('keeps its help within 120 columns', async () => {
  for (const args of [['--help'], ['serve', '--help']]) {
    const { stdout } = await runSkyline(args).exit
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  }
})

it.each([['--version'], ['serve', '--version']])('tells the version of the package with %s %s', async (...args) => {
  expect(await runSkyline(args).exit).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
})

it('guesses which command was meant', async () => {
  const { code, stdout, stderr } = await runSkyline(['sevre']).exit
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^skyline: [^\n]*"sevre"[^\n]*did you mean serve\?\n$/)
})

it.each([[[]], [['fly']], [['--bogus']], [['constructor']], [['help', 'nope']], [['two\nlines']]])(
  'refuses %j with one line and exit code 2',
  async (args) => {
    const { code, stdout, stderr } = await runSkyline(args).exit
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^skyline: [^\n]+\n$/)
  },
)
