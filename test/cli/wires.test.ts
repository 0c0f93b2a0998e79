import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCRIPT = 'MOVE 30 40\nWRITE hello,  world\nCOLOR 1 2 3\nMOVE 30 40\n'

it.each(WIRE_NAMES)('flies one script over the %s wire to the same end', async (wire) => {
  const { server, address } = await startServer()
  const { host, port } = await server.listen({ host: '127.0.0.1', port: 0, wire })
  const file = join(temporaryFolder(), 'script')
  writeFileSync(file, SCRIPT)
  const args = ['run', '--wire', wire, '--connect', `${host}:${port}`, file]
  const { code, stdout } = await runSkyline(args).exit
  expect(stdout).toContain('1: OK MOVING_TO(30, 40)')
  expect(stdout).toContain('4 ok, 0 failed')
  expect(code).toBe(0)
  const client = await connect({ port: address.port })
  expect(await client.status()).toMatchObject({ text: 'hello,  world', r: 1, g: 2, b: 3 })
  expect(await client.wait()).toMatchObject({ x: 30, y: 40 })
  client.destroy()
})

it.each(['MOVE 1 2 3', 'MOVE\nX: 1', 'STATUS'])(
  'refuses a script with a message that the framed wire has not, before anything is sent: %j',
  async (message) => {
    const file = join(temporaryFolder(), 'script')
    writeFileSync(file, `MOVE 30 40\n\n${message}\n\n`)
    // Nobody is there: it does not come to that.
    const args = ['run', '--wire', 'framed', '--connect', '127.0.0.1:1', file]
    const { code, stdout, stderr } = await runSkyline(args).exit
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`${file}:3: `)
  },
)

it('sends one command over the versioned wire, and shows the reply', async () => {
  const { server } = await startServer()
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, wire: 'versioned' })
  const args = ['send', '--wire', 'versioned', '--connect', `127.0.0.1:${port}`, 'MOVE', '1', '2']
  expect(await runSkyline(args).exit).toMatchObject({ code: 0, stdout: 'OK MOVING_TO(1, 2)\nX: 1\nY: 2\nOp: 1\n' })
})

it('refuses a wire that there is not, and names those there are', async () => {
  const { code, stderr } = await runSkyline(['send', '--wire', 'morse', 'PING']).exit
  expect(code).toBe(2)
  expect(stderr).toBe('skyline: --wire is to be one of text, framed, versioned, got "morse"\n')
})

it.each([
  { connect: 'versioned://127.0.0.1:1', wire: 'text' },
  { connect: 'text://127.0.0.1:1', wire: 'framed' },
])('refuses --connect $connect with --wire $wire', async ({ connect: address, wire }) => {
  const { code, stderr } = await runSkyline(['send', '--connect', address, '--wire', wire, 'PING']).exit
  expect({ code, stderr }).toEqual({ code: 2, stderr: `skyline: --connect ${address} is not for --wire ${wire}\n` })
})
