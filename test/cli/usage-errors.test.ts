import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'skyline-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Starts the server in vain, and resolves to the one line in which it says why. */
async function refusal(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const listens = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
  const { code, stdout, stderr } = await runSkyline(['serve', ...listens, ...args], environment).exit
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^skyline: [^\n]+\n$/),
  })
  return stderr
}

it.each([
  { fault: 'an option that there is not', args: ['--lisen', 'x'], named: '--lisen' },
  { fault: 'a word too many', args: ['now'], named: 'now' },
  { fault: 'an option without its value', args: ['--token-file'], named: '--token-file' },
  { fault: 'an option in the place of a value', args: ['--listen', '--strict-crlf'], named: '--listen' },
  { fault: 'an address without a port', args: ['--listen', 'localhost'], named: '"localhost"' },
  { fault: 'a port out of range', args: ['--listen', '127.0.0.1:65536'], named: '127.0.0.1:65536' },
  { fault: 'an address that is none of this machine', args: ['--listen', '127.0.0.1x:0'], named: '127.0.0.1x' },
  { fault: 'a wire that there is not', args: ['--listen', 'morse://127.0.0.1:0'], named: '"morse"' },
  { fault: 'a frame over the limit of limits', args: ['--max-frame', '10000001'], named: '--max-frame' },
  { fault: 'no connections', args: ['--max-connections', '0'], named: '--max-connections' },
  { fault: 'fewer connections than none', args: ['--max-connections', '-1'], named: 'got "-1"' },
  { fault: 'a folder that cannot be made', args: ['--record', '/dev/null/flight'], named: '/dev/null/flight' },
  { fault: 'a folder without a name', args: ['--record', ''], named: '--record is to be a folder' },
  { fault: 'a drone that there is not', args: ['--drone', 'bad'], named: 'battery=' },
  { fault: 'a duration without a unit', args: ['--handshake-timeout', '60'], named: '--handshake-timeout' },
  { fault: 'a duration that is none', args: ['--message-timeout', 'soon'], named: '"soon"' },
  { fault: 'a negative duration', args: ['--idle-timeout=-1s'], named: '--idle-timeout' },
  { fault: 'a level that there is not', args: ['--log-level', 'loud'], named: '"loud"' },
  { fault: 'a format that there is not', args: ['--log-format', 'xml'], named: '"xml"' },
])('refuses $fault in one line, with exit code 2', async ({ args, named }) => {
  expect(await refusal(args)).toContain(named)
})

it('refuses a port that is taken in one line, with exit code 2', async () => {
  const { address } = await startServer()
  const taken = `127.0.0.1:${address.port}`
  expect(await refusal(['--listen', taken])).toContain(taken)
})

it.each(['0.0.0.0:0', '[::]:0'])('refuses to listen on %s without a token (section 5)', async (listen) => {
  expect(await refusal(['--listen', listen])).toMatch(/token/)
})

it.each([
  { fault: 'is not there', path: () => join(folder, 'none') },
  { fault: 'is a folder', path: () => folder },
  { fault: 'has a line end in its name', path: () => join(folder, 'a\nb') },
  { fault: 'is empty', path: () => file('empty', '') },
  { fault: 'holds but a line end', path: () => file('newline', '\n') },
  { fault: 'holds a token with a space', path: () => file('space', 'my s3cret\n') },
  { fault: 'holds two lines', path: () => file('lines', 's3cret\ns3cret\n') },
  { fault: 'holds more than ASCII', path: () => file('umlaut', 's3cret-ä\n') },
])('refuses a token file that $fault, without showing what is in it', async ({ path }) => {
  const line = await refusal(['--token-file', path()])
  expect(line).toContain('--token-file')
  expect(line).not.toContain('s3cret')
})

it.each([
  { fault: 'empty', token: '' },
  { fault: 'with a space', token: 'my s3cret' },
])('refuses a SKYLINE_TOKEN that is $fault, without showing it', async ({ token }) => {
  const line = await refusal([], { SKYLINE_TOKEN: token })
  expect(line).toContain('SKYLINE_TOKEN')
  expect(line).not.toContain('s3cret')
})
