import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

function tokenFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'skyline-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'token'), text)
  return join(folder, 'token')
}

it('logs as JSON lines on standard error, with the port that it found for port 0', async () => {
  const { program, address } = await serveSkyline()
  expect(address.port).toBeGreaterThan(0)
  const pilot = await Pilot.dial(address)
  pilot.socket.end('HELLO\nClient: me\n\nQUIT\n\n')
  await pilot.ended
  expect(pilot.replies).toEqual(['OK READY', 'OK AUTH_OK', 'OK BYE'])
  await until(() => program.stderr.includes('connection closed'))
  program.child.kill('SIGTERM')
  const { stderr, stdout } = await program.exit
  expect(stdout).toBe('')
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const messages = lines.map(({ msg }) => msg)
  expect(messages.slice(0, 3)).toEqual([
    `listening on 127.0.0.1:${address.port}`,
    'connection opened',
    'connection closed',
  ])
  expect(lines[2]).toMatchObject({ reason: 'QUIT' })
})

it('names itself and its version in the greeting (section 1)', async () => {
  const { address } = await serveSkyline()
  expect(await (await Pilot.dial(address)).until('\r\n\r\n')).toMatch(/\r\nServer: skyline\/\d+\.\d+\.\d+\r\n/)
})

it.each([
  { source: 'a file', text: 's3cret', args: (path: string) => ['--token-file', path], environment: {} },
  {
    source: 'a file with a last newline',
    text: 's3cret\n',
    args: (path: string) => ['--token-file', path],
    environment: {},
  },
  { source: 'the environment', text: '', args: () => [], environment: { SKYLINE_TOKEN: 's3cret' } },
])('takes the token from $source, wants it, and never shows it (section 5)', async ({ text, args, environment }) => {
  const { program, address } = await serveSkyline([...args(tokenFile(text)), '--log-level', 'trace'], environment)
  const pilot = await Pilot.dial(address)
  await pilot.ask('HELLO\nToken: wrong\n\n', 'ERR AUTH_FAILED')
  await pilot.ask('HELLO\nTokne: s3cret\n\n', 'ERR UNKNOWN_HEADER')
  await pilot.ask('HELLO\nToken: s3cret\n\n', 'OK AUTH_OK')
  pilot.socket.end('QUIT\n\n')
  await pilot.ended
  program.child.kill('SIGTERM')
  const { code, stdout, stderr } = await program.exit
  expect(code).toBe(0)
  expect(stderr).toContain('UNKNOWN_HEADER')
  expect(stdout + stderr).not.toContain('s3cret')
})

it.each([
  { mode: 0o644, warned: true },
  { mode: 0o600, warned: false },
])('warns of a token file that others may read, and serves: $mode', async ({ mode, warned }) => {
  const file = tokenFile('s3cret')
  chmodSync(file, mode)
  const { program, address } = await serveSkyline(['--token-file', file])
  await (await Pilot.dial(address)).ask('HELLO s3cret\n\n', 'OK AUTH_OK')
  program.child.kill('SIGTERM')
  const { stderr } = await program.exit
  const warning = `"msg":"${file} is to be its owner's alone, and has the mode 0644: chmod 600 ${file}"`
  expect(stderr.includes(warning)).toBe(warned)
})

it('does as its options say', async () => {
  const { address } = await serveSkyline(['--strict-crlf', '--max-connections', '1', '--idle-timeout', '0'])
  const pilot = await Pilot.dial(address)
  await pilot.until('OK READY')
  expect(await (await Pilot.dial(address)).ended).toMatch(/^ERR BUSY\r\n/)
  pilot.send('PING\n\n')
  await pilot.ended
  expect(pilot.replies).toEqual(['OK READY', 'ERR BARE_LF'])
})

it.each([
  { option: '--handshake-timeout', input: '', code: 'HANDSHAKE_TIMEOUT' },
  { option: '--message-timeout', input: 'PING\n', code: 'MESSAGE_TIMEOUT' },
  { option: '--idle-timeout', input: 'HELLO\n\n', code: 'IDLE_TIMEOUT' },
])('ends a session when the $option has passed (section 5)', async ({ option, input, code }) => {
  const { address } = await serveSkyline([option, '50ms'])
  const pilot = await Pilot.dial(address)
  pilot.send(input)
  await pilot.ended
  expect(pilot.replies.at(-1)).toBe(`ERR ${code}`)
})

it('logs for people where it is asked to', async () => {
  const program = runSkyline(['serve', '--listen', '127.0.0.1:0', '--log-format', 'pretty'])
  await until(() => program.stderr.includes('\n'))
  expect(program.stderr).toMatch(/^\d\d:\d\d:\d\d info +listening on 127\.0\.0\.1:\d+/)
})
