import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/client/client.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { Server } from '../../src/server/server.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const newPath = (): string => join(temporaryFolder(), 'skyline.sock')

async function startAt(path: string, options: ServerOptions = {}): Promise<Server> {
  const server = new Server(options)
  await server.listen({ path })
  onTestFinished(() => server.close())
  return server
}

/** Whether a pilot is greeted there, and can fly. */
async function isServed(path: string): Promise<boolean> {
  const client = await connect({ path })
  const { x } = await client.move({ x: 1, y: 2 })
  await client.close()
  return x === 1
}

/** Leaves a socket behind in the file system, as a server does that is killed. */
function leaveStale(path: string): void {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  expect(() => execFileSync(process.execPath, ['-e', script])).toThrow()
  expect(statSync(path).isSocket()).toBe(true)
}

it('serves at a socket of the file system, and needs no token for it', async () => {
  const path = newPath()
  const { logger, of } = recordLog()
  const server = await startAt(path, { logger })
  expect(await isServed(path)).toBe(true)
  expect(of('listening on')).toMatchObject([{ msg: `listening on unix://${path}`, path, tls: false, auth: 'none' }])
  expect(of('connection opened')).toMatchObject([{ peer: 'unix' }])
  await server.close()
})

it('wants the token where there is one', async () => {
  const path = newPath()
  await startAt(path, { token: 's3cret' })
  await expect(connect({ path })).rejects.toMatchObject({ code: 'AUTH_FAILED' })
  const client = await connect({ path, token: 's3cret' })
  await client.close()
})

it('is for its owner alone from its first moment, and leaves other files the mode that they have', async () => {
  const path = newPath()
  const before = process.umask(0)
  onTestFinished(() => void process.umask(before))
  const started = startAt(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(process.umask(0)).toBe(0)
  await started
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('takes the place of a socket that a killed server has left behind', async () => {
  const path = newPath()
  leaveStale(path)
  await startAt(path)
  expect(await isServed(path)).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('does not take the place of a server that is alive', async () => {
  const path = newPath()
  await startAt(path)
  const other = new Server()
  await expect(other.listen({ path })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await isServed(path)).toBe(true)
})

it('does not take the place of anything that is no socket', async () => {
  const path = newPath()
  writeFileSync(path, 'precious')
  await expect(new Server().listen({ path })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(readFileSync(path, 'utf8')).toBe('precious')
})

it('rejects where a folder stands, or there is none for it', async () => {
  const path = newPath()
  mkdirSync(path)
  await expect(new Server().listen({ path })).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) })
  expect(statSync(path).isDirectory()).toBe(true)
  await expect(new Server().listen({ path: join(path, 'none', 'x.sock') })).rejects.toMatchObject({
    code: expect.stringMatching(/^E[A-Z]+$/),
  })
})

it('takes its socket away when it closes, and can be started there again', async () => {
  const path = newPath()
  for (let round = 0; round < 3; round++) {
    const server = await startAt(path)
    expect(await isServed(path)).toBe(true)
    await server.close()
    expect(existsSync(path)).toBe(false)
  }
})

it('answers a script that ends with FIN in full, and tells those who stay that it shuts down (F7, R8)', async () => {
  const path = newPath()
  const server = await startAt(path)
  const dial = async () => {
    const socket = connectSocket({ path, allowHalfOpen: true })
    const pilot = new Pilot(socket)
    await pilot.until('OK READY')
    return pilot
  }
  const script = await dial()
  script.socket.end('HELLO\n\nMOVE 1 2\n\nQUIT\n\n')
  await script.ended
  expect(script.replies).toEqual(['OK READY', 'OK AUTH_OK', 'OK MOVING_TO(1, 2)', 'OK BYE'])
  const idle = await dial()
  const closed = server.close()
  await idle.ended
  expect(idle.replies).toEqual(['OK READY', 'ERR SHUTTING_DOWN'])
  idle.socket.end()
  await closed
})

it('exempts those there from penalties and from the early drop, whatever was asked', async () => {
  const path = newPath()
  const { logger, of } = recordLog()
  await startAt(path, { token: 's3cret', loopbackExempt: false, maxUnauthenticated: 1, logger })
  for (let round = 0; round < 5; round++) await connect({ path, token: 'wrong' }).catch(() => {})
  const idle = Array.from({ length: 5 }, () => new Pilot(connectSocket({ path, allowHalfOpen: true })))
  await Promise.all(idle.map((pilot) => pilot.until('OK READY')))
  const client = await connect({ path, token: 's3cret' })
  await client.close()
  await until(() => of('connection closed').length >= 6)
  expect(of('connection refused')).toEqual([])
})
