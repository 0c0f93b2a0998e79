import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { record } from '../../src/cli/transcript/record.ts'
import { replay } from '../../src/cli/transcript/replay.ts'
import { type Address, formatAddress } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { cuttings } from '../support/cuttings.ts'
import { TickingClock } from '../support/fake-clock.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url).pathname
const fixture = (file: string) => readFileSync(join(FOLDER, file))

const newName = () => join(temporaryFolder(), 'dialogue')
const recorded = (name: string) => [readFileSync(`${name}.in`, 'latin1'), readFileSync(`${name}.out`, 'latin1')]

const serve = (options: ServerOptions = {}) => startServer({ clock: new TickingClock(), ...options })

/** A server that does with a connection what no skyline server does. */
async function startNetServer(onConnection: (socket: Socket) => void): Promise<Address> {
  const server = createServer({ allowHalfOpen: true }, onConnection)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { address: host, port } = server.address() as { address: string; port: number }
  return { host, port }
}

/** Starts to record what passes to a server, and resolves once it listens. */
async function startRecording(server: Address, args: readonly string[] = []) {
  const name = args.find((arg) => !arg.startsWith('-')) ?? newName()
  const run = runInProcess(record, ['--connect', formatAddress(server), name, ...args.filter((arg) => arg !== name)])
  await Promise.race([until(() => run.stdout.includes('\n')), run.exit])
  const [, host = '', port = ''] = /^(.+):(\d+) leads to /.exec(run.stdout) ?? []
  return { run, name, address: { host, port: Number(port) } }
}

describe('what passes', () => {
  const dialogues = [
    '020-move',
    '022-two-legs',
    '024-end-while-waiting',
    '060-line-ends',
    '070-grammar',
    '084-incomplete',
  ]
  const cases = dialogues.flatMap((dialogue) =>
    cuttings(fixture(`${dialogue}.in`)).map(({ name, chunks }) => ({ dialogue, name, chunks })),
  )

  it.each(cases)('is the same as without a recorder, and so are the files: $dialogue $name', async (one) => {
    const input = fixture(`${one.dialogue}.in`)
    const direct = await talk((await serve()).address, one.chunks)
    const { run, name, address } = await startRecording((await serve()).address)
    const answer = await talk(address, one.chunks)
    expect(await run.exit).toBe(0)
    expect(answer.toString('latin1')).toBe(direct.toString('latin1'))
    expect(recorded(name)).toEqual([input.toString('latin1'), direct.toString('latin1')])
    expect(run.stdout).toContain(`\n${name}.in: `)
    expect(run.stdout).toMatch(new RegExp(`\\n${name}\\.out: \\d+ messages, ${direct.length} bytes\\n$`))
    expect(run.stderr).toBe('')
  })

  it('passes at once, while both sides go on', async () => {
    const { run, name, address } = await startRecording((await serve()).address)
    const pilot = await Pilot.dial(address)
    await pilot.until('OK READY')
    await pilot.ask('HELLO\n\n', 'OK AUTH_OK')
    await pilot.ask('PING\n\n', 'OK PONG')
    expect(recorded(name)).toEqual(['HELLO\n\nPING\n\n', pilot.received])
    pilot.socket.end('MOVE 1 2\n\n')
    await pilot.ended
    expect(await run.exit).toBe(0)
    expect(run.stdout).toContain(`${name}.in: 3 messages, 23 bytes\n${name}.out: 4 messages, `)
  })

  it('ends in each direction by itself: what is said after the other side has ended still arrives', async () => {
    let heard = ''
    const target = await startNetServer((socket) => {
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.end('OK BYE\r\n\r\n')
    })
    const { run, name, address } = await startRecording(target)
    const pilot = await Pilot.dial(address)
    expect(await pilot.ended).toBe('OK BYE\r\n\r\n')
    pilot.send('PING\n\n')
    await until(() => heard === 'PING\n\n')
    pilot.socket.end('QUIT\n\n')
    expect(await run.exit).toBe(0)
    await until(() => heard === 'PING\n\nQUIT\n\n')
    expect(recorded(name)).toEqual(['PING\n\nQUIT\n\n', 'OK BYE\r\n\r\n'])
  })

  it('ends for the server, too, when the client is cut off', async () => {
    const log = recordLog()
    const { run, name, address } = await startRecording((await serve({ logger: log.logger })).address)
    const pilot = await Pilot.dial(address)
    await pilot.ask('PING\n\n', 'OK PONG')
    pilot.socket.resetAndDestroy()
    await until(() => log.of('connection closed').length === 1)
    expect(await run.exit).toBe(0)
    expect(run.stderr).toBe('skyline: the connection was cut off: read ECONNRESET\n')
    expect(recorded(name)[0]).toBe('PING\n\n')
  })

  it('ends for the client, too, when the server is cut off', async () => {
    const target = await startNetServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const { run, name, address } = await startRecording(target)
    const pilot = await Pilot.dial(address)
    pilot.send('PING\n\n')
    await pilot.ended
    expect(await run.exit).toBe(0)
    expect(run.stderr).toBe('skyline: the connection was cut off: read ECONNRESET\n')
    expect(recorded(name)).toEqual(['PING\n\n', ''])
  })

  it('is one connection: another meanwhile is told BUSY', async () => {
    const { run, name, address } = await startRecording((await serve()).address)
    const pilot = await Pilot.dial(address)
    await pilot.until('OK READY')
    const other = await (await Pilot.dial(address)).ended
    expect(other).toMatch(/^ERR BUSY\r\nReason: .+\r\nFatal: yes\r\nHint: .+\r\n\r\n$/)
    pilot.socket.end('QUIT\n\n')
    await pilot.ended
    expect(await run.exit).toBe(0)
    expect(recorded(name)).toEqual(['QUIT\n\n', pilot.received])
  })
})

describe('what was recorded', () => {
  const INPUT = Buffer.from('HELLO\n\nMOVE 30 40\nId: 7\n\nWAIT\n\nMOVE x\n\nSTATUS\n\nQUIT\n\n')

  async function recordThenReplay(options: ServerOptions) {
    const { run, name, address } = await startRecording((await serve()).address)
    await talk(address, [INPUT])
    await run.exit
    const again = runInProcess(replay, ['--connect', formatAddress((await serve(options)).address), name])
    return { code: await again.exit, stdout: again.stdout }
  }

  it('replays without a difference against a fresh server', async () => {
    expect(await recordThenReplay({})).toEqual({ code: 0, stdout: '7 replies, no difference\n' })
  })

  it('replays with one difference against a server of another name', async () => {
    const { code, stdout } = await recordThenReplay({ name: 'other/2' })
    expect(code).toBe(1)
    expect(stdout).toContain('\n  - Server: skyline/0.1.0\n  + Server: other/2\n')
    expect(stdout).toMatch(/\n7 replies: 1 differ, 0 missing, 0 surplus\n$/)
  })

  it('replays with a difference in all but the farewell against a server that wants a token', async () => {
    const { code, stdout } = await recordThenReplay({ token: 's3cret' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/\nreply 3, to MOVE at \S+:3:\n {2}- OK MOVING_TO\(30, 40\)\n/)
    expect(stdout).toMatch(/\n7 replies: 6 differ, 0 missing, 0 surplus\n$/)
  })
})

describe('a token', () => {
  it.each([
    { where: 'in its header', input: 'HELLO\nToken: s3cret\n\nQUIT\n\n' },
    { where: 'as an argument', input: 'PING\n\nhello s3cret\n\nQUIT\n\n' },
    { where: 'mistyped', input: 'HELLO\r\ntoken s3cret\r\n\r\nQUIT\r\n\r\n' },
    { where: 'in a message that does not end', input: 'HELLO\nClient: me\nToken: s3cret\n' },
  ])('is warned of, and not shown, $where', async ({ input }) => {
    const { run, name, address } = await startRecording((await serve({ token: 's3cret' })).address)
    await talk(address, [Buffer.from(input)])
    expect(await run.exit).toBe(0)
    expect(run.stderr).toBe(`skyline: ${name}.in holds a token: take it out before others see the file\n`)
    expect(run.stdout).not.toContain('s3cret')
  })

  it('is not warned of where there is none', async () => {
    const { run, address } = await startRecording((await serve()).address)
    await talk(address, [Buffer.from('HELLO\nClient: token\n\nHELP HELLO\n\nWRITE hello token\n\n')])
    expect(await run.exit).toBe(0)
    expect(run.stderr).toBe('')
  })
})

describe('files', () => {
  it.each(['.in', '.out'])('are not overwritten where there is one that ends with %s', async (suffix) => {
    const name = newName()
    writeFileSync(name + suffix, 'precious')
    await expect(runInProcess(record, [name]).exit).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${name}${suffix} is there already`),
    })
    expect(readFileSync(name + suffix, 'latin1')).toBe('precious')
    expect([`${name}.in`, `${name}.out`].filter(existsSync)).toEqual([name + suffix])
  })

  it('are overwritten with --force, once there is something to record', async () => {
    const name = newName()
    for (const suffix of ['.in', '.out']) writeFileSync(name + suffix, 'precious'.repeat(1000))
    const { run, address } = await startRecording((await serve()).address, ['--force', name])
    expect(recorded(name)[0]).toMatch(/^precious/)
    const answer = await talk(address, [Buffer.from('PING\n\n')])
    expect(await run.exit).toBe(0)
    expect(recorded(name)).toEqual(['PING\n\n', answer.toString('latin1')])
  })

  it('are not made where there is no server, and the client is told by the end', async () => {
    const { server, address: nowhere } = await startServer()
    await server.close()
    const { run, name, address } = await startRecording(nowhere)
    const pilot = await Pilot.dial(address)
    expect(await pilot.ended.catch(() => '')).toBe('')
    expect(await run.exit).toBe(3)
    expect(run.stderr).toContain(`no connection to ${formatAddress(nowhere)}: connect ECONNREFUSED`)
    expect([`${name}.in`, `${name}.out`].filter(existsSync)).toEqual([])
  })

  it('that turn out not to be writable end the connection', async () => {
    const name = newName()
    mkdirSync(`${name}.out`)
    const { run, address } = await startRecording((await serve()).address, ['--force', name])
    const pilot = await Pilot.dial(address)
    expect(await pilot.ended.catch(() => '')).toBe('')
    await expect(run.exit).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(`${name}.out`) })
  })
})

it.each([
  { fault: 'no name', args: () => [], named: 'a name is missing' },
  { fault: 'an empty name', args: () => [''], named: 'a name is missing' },
  { fault: 'a folder that is not there', args: () => ['/none/such'], named: '/none/such.in cannot be written' },
  { fault: 'a place to listen that is none', args: () => ['--listen', 'here', newName()], named: '--listen' },
  { fault: 'a server that is none', args: () => ['--connect', 'there', newName()], named: '--connect' },
])('takes $fault for a usage error', async ({ args, named }) => {
  const refusal = { code: 'USAGE', message: expect.stringContaining(named) }
  await expect(runInProcess(record, args()).exit).rejects.toMatchObject(refusal)
})

it('takes a port that is taken for a usage error', async () => {
  const taken = formatAddress((await serve()).address)
  const refusal = { code: 'USAGE', message: expect.stringContaining(`cannot listen on ${taken}`) }
  await expect(runInProcess(record, ['--listen', taken, newName()]).exit).rejects.toMatchObject(refusal)
})
