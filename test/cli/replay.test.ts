import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { replay } from '../../src/cli/transcript/replay.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { type Address, formatAddress } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { TickingClock } from '../support/fake-clock.ts'
import { type PlayOptions, wallClock } from '../support/play.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url).pathname
/** What a server is started with, its drone by what that is. */
type Replayed = Omit<ServerOptions, 'drone'> & Pick<PlayOptions, 'drone'>
const OPTIONS: Readonly<Record<string, Replayed>> = JSON.parse(readFileSync(join(FOLDER, 'options.json'), 'utf8'))
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.in') ? [file.slice(0, -'.in'.length)] : []))
const MOVE = join(FOLDER, '020-move')

async function replayTo(address: Address, args: readonly string[]) {
  const run = runInProcess(replay, ['--connect', formatAddress(address), ...args])
  const code = await run.exit
  return { code, stdout: run.stdout, stderr: run.stderr }
}

async function replayAgainst({ drone, ...options }: Replayed, args: readonly string[]) {
  const clock = new TickingClock()
  const { address } = await startServer({ clock, wallClock, drone: new SimulatedDrone(clock, drone), ...options })
  return replayTo(address, args)
}

/** Writes a transcript, given with `\n` at the ends of its lines. */
function transcript(input: string, output: string): string {
  const name = join(temporaryFolder(), 'dialogue')
  writeFileSync(`${name}.in`, input, 'latin1')
  writeFileSync(`${name}.out`, output.replaceAll('\n', '\r\n'), 'latin1')
  return name
}

/** A server that says the same to everybody who has said all, and then ends, or does what it is told instead. */
async function saying(output: string, end = (socket: Socket) => void socket.end()): Promise<Address> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    onTestFinished(() => void socket.destroy())
    socket.on('end', () => socket.write(output.replaceAll('\n', '\r\n'), 'latin1', () => end(socket))).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { address: host, port } = server.address() as { address: string; port: number }
  return { host, port }
}

const REPLIES = 'OK READY\nServer: a\n\nOK AUTH_OK\n\nOK PONG\nId: 1\n\nOK BYE\n\n'
const COMMANDS = 'HELLO\n\n\nPING\nId: 1\n\nQUIT\n\n'

describe('without a difference', () => {
  it.each(NAMES)('replays transcript %s', async (name) => {
    const replies = readFileSync(join(FOLDER, `${name}.out`), 'latin1').split('\r\n\r\n').length - 1
    expect(await replayAgainst(OPTIONS[name] ?? {}, [join(FOLDER, name)])).toEqual({
      code: 0,
      stdout: `${replies} replies, no difference\n`,
      stderr: '',
    })
  })

  it.each(['.in', '.out'])('takes the name of the transcript with %s', async (suffix) => {
    expect(await replayAgainst({}, [MOVE + suffix])).toMatchObject({ code: 0 })
  })

  it('takes an empty input, to which there is but the greeting', async () => {
    const name = transcript('', 'OK READY\n\n')
    expect(await replayTo(await saying('OK READY\n\n'), [name])).toMatchObject({
      code: 0,
      stdout: '1 replies, no difference\n',
    })
  })

  it('ignores the values of headers that it is told to, without case', async () => {
    const { code, stdout } = await replayAgainst({ name: 'other/2' }, ['--ignore', 'drone, server', MOVE])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ replies, no difference\n$/) })
  })

  it('plays 10 MB of PINGs in one go', async () => {
    const count = 10_000_000 / 'PING\n\n'.length
    const { address } = await startServer()
    const greeting = readFileSync(join(FOLDER, '090-http.out'), 'latin1').replaceAll('\r', '')
    const name = transcript('PING\n\n'.repeat(count), greeting + 'OK PONG\n\n'.repeat(count))
    const run = await replayTo(address, [name])
    expect(run).toEqual({ code: 0, stdout: `${Math.floor(count) + 1} replies, no difference\n`, stderr: '' })
  })
})

describe('with a difference', () => {
  it('shows the line of the greeting in which a server of another name differs', async () => {
    const { code, stdout } = await replayAgainst({ name: 'other/2' }, [MOVE])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^reply 1:\n {4}OK READY\n {2}- Server: skyline\/0\.1\.0\n {2}\+ Server: other\/2\n {4}Protocol: 1\n(?: {4}.+\n)+\n\d+ replies: 1 differ, 0 missing, 0 surplus\n$/,
    )
  })

  it('shows what a server that wants a token says to each command, and where that stands', async () => {
    const { code, stdout } = await replayAgainst({ token: 's3cret' }, [transcript(COMMANDS, REPLIES)])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^reply 1:\n(?:.*\n)*? {2}\+ Auth: token\n/)
    expect(stdout).toMatch(/\nreply 2, to HELLO at \S+\/dialogue\.in:1:\n {2}- OK AUTH_OK\n {2}\+ ERR AUTH_FAILED\n/)
    expect(stdout).not.toContain('reply 3')
    expect(stdout).toMatch(/\n4 replies: 2 differ, 0 missing, 0 surplus\n$/)
  })

  it('names the command by its line, and shows what is common without a sign', async () => {
    const answer = REPLIES.replace('Id: 1', 'Id: 2')
    const { code, stdout } = await replayTo(await saying(answer), [transcript(COMMANDS, REPLIES)])
    expect(code).toBe(1)
    expect(stdout.replaceAll(/ at \S*\//g, ' at ')).toBe(
      'reply 3, to PING at dialogue.in:4:\n    OK PONG\n  - Id: 1\n  + Id: 2\n\n4 replies: 1 differ, 0 missing, 0 surplus\n',
    )
  })

  it.each([
    { what: 'missing', expected: REPLIES, got: REPLIES.replace('OK BYE\n\n', ''), sign: '-', counts: [1, 0], total: 4 },
    { what: 'surplus', expected: REPLIES.replace('OK BYE\n\n', ''), got: REPLIES, sign: '+', counts: [0, 1], total: 3 },
  ])('shows a reply that is $what', async ({ what, expected, got, sign, counts, total }) => {
    const { code, stdout } = await replayTo(await saying(got), [transcript(COMMANDS, expected)])
    expect(code).toBe(1)
    expect(stdout.replaceAll(/ at \S*\//g, ' at ')).toBe(
      `reply 4, to QUIT at dialogue.in:7, ${what}:\n  ${sign} OK BYE\n  ${sign}\n` +
        `${total} replies: 0 differ, ${counts[0]} missing, ${counts[1]} surplus\n`,
    )
  })

  it('does not count an event as the answer to a command', async () => {
    const expected = REPLIES.replace('OK PONG', 'EVENT MOVED\n\nOK PONG')
    const got = expected.replace('OK BYE', 'OK NO')
    const { stdout } = await replayTo(await saying(got), [transcript(COMMANDS, expected)])
    expect(stdout).toMatch(/^reply 5, to QUIT at \S+:7:\n {2}- OK BYE\n {2}\+ OK NO\n/)
  })

  it.each([
    { what: 'a space at the end', change: (text: string) => text.replace('OK BYE', 'OK BYE ') },
    { what: 'a lone CR', change: (text: string) => text.replace('OK BYE', 'OK BYE\r') },
    { what: 'an escape sequence', change: (text: string) => text.replace('OK BYE', 'OK \x1b[2JBYE') },
    { what: 'a blank line more', change: (text: string) => text.replace('OK BYE', '\nOK BYE') },
    { what: 'a reply cut short', change: (text: string) => text.slice(0, -1) },
  ])('shows $what, as printable text', async ({ change }) => {
    const { code, stdout } = await replayTo(await saying(change(REPLIES)), [transcript(COMMANDS, REPLIES)])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^reply 4, to QUIT at /)
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/)
    const changed = [...stdout.matchAll(/^ {2}[-+](.*)/gm)].map(([, line]) => line)
    expect(new Set(changed).size).toBe(changed.length)
    expect(changed.length).toBeGreaterThan(0)
  })

  it('still counts a header whose value is ignored, and every first line', async () => {
    const got = REPLIES.replace('Server: a\n', '').replace('OK BYE', 'OK BYE_BYE')
    const { stdout } = await replayTo(await saying(got), ['--ignore', 'Server', transcript(COMMANDS, REPLIES)])
    expect(stdout).toMatch(/\n4 replies: 2 differ, /)
  })

  it.each([
    { noColor: '', wanted: '  \x1b[31m- OK BYE\x1b[0m\n  \x1b[32m+ OK NO\x1b[0m\n' },
    { noColor: '1', wanted: '  - OK BYE\n  + OK NO\n' },
  ])('colours it on a terminal where NO_COLOR is "$noColor"', async ({ noColor, wanted }) => {
    vi.stubEnv('NO_COLOR', noColor)
    const { isTTY } = process.stdout
    process.stdout.isTTY = true
    onTestFinished(() => {
      process.stdout.isTTY = isTTY
      vi.unstubAllEnvs()
    })
    const { stdout } = await replayTo(await saying(REPLIES.replace('OK BYE', 'OK NO')), [transcript(COMMANDS, REPLIES)])
    expect(stdout).toContain(wanted)
  })
})

describe('without an end', () => {
  it('gives up a server that neither says anything nor ends, with what came until then', async () => {
    const address = await saying(REPLIES, () => {})
    const run = await replayTo(address, ['--timeout', '50ms', transcript(COMMANDS, REPLIES)])
    expect(run).toEqual({
      code: 1,
      stdout: '4 replies, no difference\n',
      stderr: 'skyline: the server did not end the connection: nothing came or went for 50 ms\n',
    })
  })

  it.each([
    { what: 'a message', text: 'A' },
    { what: 'an empty line', text: '\r\n' },
  ])('gives up a server that sends $what without end, at the cap of a message (F3)', async ({ text }) => {
    const blocks = function* () {
      for (;;) yield text.repeat(4096)
    }
    const flood = (socket: Socket) => void pipeline(Readable.from(blocks()), socket, () => {})
    const address = await saying(REPLIES, flood)
    const run = await replayTo(address, ['--timeout', '0', transcript(COMMANDS, REPLIES)])
    expect({ code: run.code, stderr: run.stderr }).toEqual({
      code: 1,
      stderr: 'skyline: the server did not end the connection: what it sent is not skyline/1: MESSAGE_TOO_BIG\n',
    })
    expect(run.stdout).toMatch(/^reply 5, surplus:\n[\s\S]*\n4 replies: 0 differ, 0 missing, 1 surplus\n$/)
  })

  it('shows what a server that does not end has said so far', async () => {
    let end = () => {}
    const address = await saying(`${REPLIES}OK MORE\n\n`, (socket) => {
      end = () => void socket.end()
    })
    const args = ['--connect', formatAddress(address), '--timeout', '0', transcript(COMMANDS, REPLIES)]
    const run = runInProcess(replay, args)
    await until(() => run.stdout.includes('+ OK MORE'))
    end()
    expect(await run.exit).toBe(1)
  })

  it('says where the connection was reset', async () => {
    const address = await saying('', (socket) => void socket.resetAndDestroy())
    const { code, stdout, stderr } = await replayTo(address, [transcript(COMMANDS, REPLIES)])
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n4 replies: 0 differ, 4 missing, 0 surplus\n$/)
    expect(stderr).toMatch(/^skyline: the server did not end the connection: .*ECONNRESET\n$/)
  })

  it('ends with 3 where there is no server', async () => {
    const { server, address } = await startServer()
    await server.close()
    const { code, stdout, stderr } = await replayTo(address, [MOVE])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toBe(
      `skyline: no connection to ${formatAddress(address)}: connect ECONNREFUSED ${formatAddress(address)}\n`,
    )
  })
})

it.each([
  { fault: 'no name', args: () => [], named: 'a name is missing' },
  { fault: 'an input that is not there', args: () => ['/none/such'], named: '/none/such.in cannot be read' },
  {
    fault: 'an output that is not there',
    args: () => {
      const name = join(temporaryFolder(), 'half')
      writeFileSync(`${name}.in`, '')
      return [name]
    },
    named: 'half.out cannot be read',
  },
  { fault: 'a time that is none', args: () => ['--timeout', 'soon', MOVE], named: '--timeout' },
  { fault: 'an address that is none', args: () => ['--connect', 'here', MOVE], named: '--connect' },
])('takes $fault for a usage error', async ({ args, named }) => {
  const refusal = { code: 'USAGE', message: expect.stringContaining(named) }
  await expect(runInProcess(replay, args()).exit).rejects.toMatchObject(refusal)
})
