import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type Address, formatAddress } from '../../src/server/address.ts'
import { Pilot } from '../support/pilot.ts'
import { type Program, runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { dial, talk } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const TEN_MEGABYTES = 10_000_000
/** What the memory of a recorder may grow by, in KiB, whatever passes. */
const FLAT_KIB = 32 * 1024
/** For so many looks nothing may have moved before it is taken to stand still. */
const STILL_LOOKS = 100

const NO_PROC = existsSync('/proc/self/status') ? '' : ', skipped: there is no /proc here'

/** The most memory that a process has had at a time, in KiB; 0 once it has ended. */
const peakKib = ({ child }: Program): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0)

async function startRecorder(server: Address) {
  const name = join(temporaryFolder(), 'dialogue')
  const program = runSkyline(['record', '--connect', formatAddress(server), name])
  let stdout = ''
  program.child.stdout?.on('data', (text) => {
    stdout += text
  })
  await until(() => stdout.includes('\n') || program.child.exitCode !== null)
  const [, host = '', port = ''] = /^(.+):(\d+) leads to /.exec(stdout) ?? []
  return { program, name, address: { host, port: Number(port) } }
}

/** A server that says a lot, as fast as it is taken, and how many bytes of that were. */
async function startTalker(chunk: Buffer, count: number) {
  let taken = 0
  function* chunks() {
    for (let i = 0; i < count; i++, taken += chunk.length) yield chunk
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    onTestFinished(() => void socket.destroy())
    Readable.from(chunks()).pipe(socket)
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { address: host, port } = server.address() as { address: string; port: number }
  return { address: { host, port }, taken: () => taken }
}

it.each(['SIGINT', 'SIGTERM'] as const)('keeps what was recorded at %s', async (signal) => {
  const { program, name, address } = await startRecorder((await startServer()).address)
  const pilot = await Pilot.dial(address)
  await pilot.until('OK READY')
  await pilot.ask('PING\n\n', 'OK PONG')
  program.child.kill(signal)
  const { code, stdout, stderr } = await program.exit
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`${name}.in: 1 messages, 6 bytes\n${name}.out: 2 messages, ${pilot.received.length} bytes\n`)
  expect(readFileSync(`${name}.in`, 'latin1')).toBe('PING\n\n')
  expect(readFileSync(`${name}.out`, 'latin1')).toBe(pilot.received)
})

it('leaves nothing behind when it is interrupted before a connection', async () => {
  const { program, name } = await startRecorder((await startServer()).address)
  program.child.kill('SIGINT')
  expect(await program.exit).toMatchObject({ code: 1, stderr: 'skyline: nothing was recorded\n' })
  expect([`${name}.in`, `${name}.out`].filter(existsSync)).toEqual([])
})

it.skipIf(NO_PROC !== '')(`passes 10 MB of PINGs within little memory${NO_PROC}`, async () => {
  const input = Buffer.alloc(TEN_MEGABYTES, 'PING\n\n')
  const pings = Math.floor(TEN_MEGABYTES / 'PING\n\n'.length)
  const { program, name, address } = await startRecorder((await startServer()).address)
  const before = peakKib(program)
  const socket = await dial(address)
  let bytes = 0
  let peak = 0
  socket.on('data', (chunk) => {
    bytes += chunk.length
    peak = Math.max(peak, peakKib(program))
  })
  socket.end(input.subarray(0, pings * 'PING\n\n'.length))
  const { code, stdout } = await program.exit
  expect(code).toBe(0)
  expect(stdout).toContain(`${name}.in: ${pings} messages, `)
  expect(stdout).toContain(`${name}.out: ${pings + 1} messages, ${bytes} bytes\n`)
  expect(peak).toBeGreaterThanOrEqual(before)
  expect(peak - before).toBeLessThan(FLAT_KIB)
})

it.skipIf(NO_PROC !== '')(`lets a server wait for a client that reads nothing${NO_PROC}`, async () => {
  const chunk = Buffer.alloc(65_536, 'x')
  const count = 1500
  const { address: server, taken } = await startTalker(chunk, count)
  const { program, address } = await startRecorder(server)
  const before = peakKib(program)
  const pilot = await dial(address)
  let [last, looks] = [0, 0]
  await until(() => {
    looks = taken() > 0 && taken() === last ? looks + 1 : 0
    last = taken()
    return looks >= STILL_LOOKS
  })
  expect(last).toBeLessThan((chunk.length * count) / 2)
  expect(peakKib(program) - before).toBeLessThan(FLAT_KIB)
  let bytes = 0
  pilot.on('data', (chunk) => {
    bytes += chunk.length
  })
  pilot.end()
  expect(await program.exit).toMatchObject({ code: 0 })
  await until(() => bytes === chunk.length * count)
})

it('ends by itself with the connection, as the program does that replays it', async () => {
  const { address: server } = await startServer()
  const { program, name, address } = await startRecorder(server)
  await talk(address, [Buffer.from('HELLO\n\nQUIT\n\n')])
  expect(await program.exit).toMatchObject({ code: 0, stderr: '' })
  const again = runSkyline(['replay', '--connect', formatAddress(server), name])
  expect(await again.exit).toMatchObject({ code: 0, stdout: '3 replies, no difference\n', stderr: '' })
})
