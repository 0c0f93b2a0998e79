import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

async function serveAt(path: string, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const listen = ['--listen', `unix://${path}`, ...args]
  const program = runSkyline(['serve', ...listen, '--log-format', 'json'], environment)
  await until(() => program.stderr.includes('listening on') || program.child.exitCode !== null)
  return program
}

it('serves at unix:///path, for send, run and shell, and takes the socket away at the end', async () => {
  const path = join(temporaryFolder(), 'skyline.sock')
  const program = await serveAt(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const connect = ['--connect', `unix://${path}`]
  expect(await runSkyline(['send', ...connect, 'MOVE', '3', '4']).exit).toMatchObject({
    code: 0,
    stdout: 'OK MOVING_TO(3, 4)\nX: 3\nY: 4\nOp: 1\n',
  })
  const script = join(temporaryFolder(), 'script.txt')
  writeFileSync(script, 'MOVE 1 2\nSTATUS\n')
  const { code, stdout } = await runSkyline(['run', ...connect, script]).exit
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('OK MOVING_TO(1, 2)') })
  // Standard input is at its end from the start.
  expect(await runSkyline(['shell', ...connect]).exit).toMatchObject({ code: 0, stdout: 'OK BYE\n' })
  program.child.kill('SIGTERM')
  expect(await program.exit).toMatchObject({ code: 0, stdout: '' })
  expect(existsSync(path)).toBe(false)
})

it('serves at several places at once', async () => {
  const path = join(temporaryFolder(), 'skyline.sock')
  const program = await serveAt(path, ['--listen', '127.0.0.1:0', '--listen', 'framed://127.0.0.1:0'])
  await until(() => program.stderr.split('listening on').length === 4)
  const [text, framed] = [...program.stderr.matchAll(/"port":(\d+),"wire":"(\w+)"/g)].map(
    ([, port, wire]) => `${wire}://127.0.0.1:${port}`,
  )
  for (const address of [`unix://${path}`, text, framed]) {
    const { code, stdout } = await runSkyline(['send', '--connect', String(address), 'MOVE', '1', '2']).exit
    expect({ address, code, stdout }).toEqual({ address, code: 0, stdout: expect.stringContaining('MOVING_TO(1, 2)') })
  }
})

it('leaves no socket behind where another place cannot be listened at', async () => {
  const path = join(temporaryFolder(), 'skyline.sock')
  const { address } = await serveSkyline()
  const places = ['--listen', `unix://${path}`, '--listen', `127.0.0.1:${address.port}`]
  expect(await runSkyline(['serve', ...places]).exit).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('taken'),
  })
  expect(existsSync(path)).toBe(false)
})

it('says that there is no such folder, where there is none', async () => {
  const { code, stderr } = await runSkyline(['serve', '--listen', 'unix:///none/such/socket']).exit
  const told = 'skyline: cannot listen on unix:///none/such/socket: there is no folder /none/such\n'
  expect({ code, stderr }).toEqual({ code: 2, stderr: told })
})

it('wants the token there, too, if it has one', async () => {
  const path = join(temporaryFolder(), 'skyline.sock')
  await serveAt(path, [], { SKYLINE_TOKEN: 's3cret' })
  const args = ['send', '--connect', `unix://${path}`, 'PING']
  expect(await runSkyline(args).exit).toMatchObject({ code: 1, stdout: expect.stringContaining('AUTH_FAILED') })
  expect(await runSkyline(args, { SKYLINE_TOKEN: 's3cret' }).exit).toMatchObject({ code: 0, stdout: 'OK PONG\n' })
})

it('takes the place of a server that was killed, and not of one that is alive', async () => {
  const path = join(temporaryFolder(), 'skyline.sock')
  const first = await serveAt(path)
  const second = await serveAt(path)
  const { code, stderr } = await second.exit
  expect(code).toBe(2)
  expect(stderr).toBe(`skyline: unix://${path} is taken: stop what listens there, or choose another --listen\n`)
  first.child.kill('SIGKILL')
  await first.exit
  expect(existsSync(path)).toBe(true)
  await serveAt(path)
  expect(await runSkyline(['send', '--connect', `unix://${path}`, 'PING']).exit).toMatchObject({ code: 0 })
})

it('leaves a file that is no socket as it is, and says so', async () => {
  const path = join(temporaryFolder(), 'notes.txt')
  writeFileSync(path, 'notes')
  const { code, stderr } = await (await serveAt(path)).exit
  const told = `skyline: unix://${path} is no socket, and stays as it is: choose another --listen\n`
  expect({ code, stderr }).toEqual({ code: 2, stderr: told })
  expect(readFileSync(path, 'utf8')).toBe('notes')
})

it.each([
  { path: 'relative.sock', said: /unix:\/\/\/PATH/ },
  { path: `/${'x'.repeat(107)}`, said: /at most 107 bytes/ },
  { path: '/nowhere/at/all.sock', said: /cannot listen on unix:\/\/\/nowhere\/at\/all\.sock/ },
])('refuses unix://$path in one line, with exit code 2', async ({ path, said }) => {
  const { code, stderr } = await (await serveAt(path)).exit
  expect(code).toBe(2)
  expect(stderr).toMatch(said)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

it('tells in one line, with exit code 3, that nobody serves there', async () => {
  const path = join(temporaryFolder(), 'none.sock')
  const { code, stderr } = await runSkyline(['send', '--connect', `unix://${path}`, 'PING']).exit
  expect(code).toBe(3)
  expect(stderr).toContain(path)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})
