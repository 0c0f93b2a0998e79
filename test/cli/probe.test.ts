import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CHECKS, runChecks } from '../../src/cli/probe/checks.ts'
import { probe } from '../../src/cli/probe/probe.ts'
import { EXIT, type ExitCode, runProgram } from '../../src/cli/program.ts'
import { type Address, formatAddress } from '../../src/server/address.ts'
import { startServer } from '../support/start-server.ts'
import { type Fault, startWrongServer } from '../support/wrong-servers.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Which server is right does not depend on it; it is how long a wrong one keeps a test waiting. */
const TIMEOUT_MS = 3000

/** The rows that fail, as `F5 a dialogue gets ...`. */
async function failuresOf(address: Address, token?: string): Promise<string[]> {
  const failures: string[] = []
  for await (const { check, finding } of runChecks({ ...address, token, timeoutMs: TIMEOUT_MS })) {
    if (finding !== undefined) failures.push(`${check.clause} ${check.name}: ${JSON.stringify(finding)}`)
  }
  return failures
}

describe('our server passes every row', () => {
  it.each([
    { what: 'with a token', options: { token: 's3cret' } },
    { what: 'without one', options: {} },
    { what: 'with --strict-crlf', options: { strictCrlf: true } },
    { what: 'with no command but those of the conversation', options: { commands: [] } },
  ])('$what', async ({ options }) => {
    const { address } = await startServer(options)
    expect(await failuresOf(address, options.token)).toEqual([])
  })
})

it('has a name of its own for each row', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length)
})

describe('a server that somebody else wrote', () => {
  it('passes every row if it does nothing wrong', async () => {
    expect(await failuresOf(await startWrongServer())).toEqual([])
  })

  interface Case {
    readonly fault: Fault
    /** Rows that must fail. */
    readonly caught: readonly RegExp[]
    /** The clauses of rows that may fail beside them. */
    readonly plausible?: RegExp
  }

  const cases: readonly Case[] = [
    {
      fault: 'takes each read for a message',
      caught: [/^F5 .*byte by byte/, /^F5 .*cut before/, /^F5 .*cut at and inside/, /^F3, R1 2000/, /^F3 .*in pieces/],
      plausible: /^(F\d|G1, R5 mistakes|R1|R3 nothing runs)/,
    },
    {
      fault: 'caps its receive buffer',
      caught: [/^F3, R1 2000/],
      plausible: /^(F3 .*8192|F4|F7 a client|R3 .*keeps sending)/,
    },
    {
      fault: 'drops replies after a half-close',
      caught: [/^F7 a client that ends its half gets every reply/],
      plausible: /^(F7|F6 no verdict)/,
    },
    { fault: 'searches all of a message at every read', caught: [/^F5 a byte of a long message/] },
    { fault: 'echoes raw input', caught: [/^R4 .*printable ASCII/, /^R4 .*64 bytes/, /^R4 before HELLO/] },
    { fault: 'resets after a fatal error', caught: [/^R3 .*keeps sending/], plausible: /^(F3 .*8193|R3)/ },
    { fault: 'serves HTTP', caught: [/^F8 HTTP is left/, /^F8 nothing runs/, /^F8 MOVE/] },
    { fault: 'keeps its commands in a plain object', caught: [/^G3 constructor/] },
    { fault: 'puts the Id first', caught: [/^R2 .*last header/], plausible: /; Id: / },
    { fault: 'reads integers with Number', caught: [/^section 6 an integer of another form/] },
  ]

  it.each(cases)('is caught if it $fault, and blamed for little else', async ({ fault, caught, plausible }) => {
    const failures = await failuresOf(await startWrongServer(fault))
    for (const row of caught) expect(failures).toContainEqual(expect.stringMatching(row))
    const explained = [...caught, ...(plausible === undefined ? [] : [plausible])]
    expect(failures.filter((failure) => !explained.some((row) => row.test(failure)))).toEqual([])
  })
})

describe('skyline probe', () => {
  async function run(...args: readonly string[]): Promise<{ code: ExitCode; stdout: string; stderr: string }> {
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      const spy = vi.spyOn(process[name], 'write').mockImplementation((text) => {
        texts[name] += String(text)
        return true
      })
      onTestFinished(() => spy.mockRestore())
    }
    return { code: await runProgram(probe, args), ...texts }
  }

  it('shows a row for each check, and how many held', async () => {
    const { address } = await startServer()
    const { code, stdout } = await run(formatAddress(address))
    expect(code).toBe(EXIT.ok)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(0, -1).map((line) => line.slice(0, 'ok    '.length))).toEqual(CHECKS.map(() => 'ok    '))
    expect(lines.at(-1)).toBe(`${CHECKS.length} held, 0 failed`)
  })

  it('shows what was sent, wanted and had where something did not hold, escaped, and exits with 1', async () => {
    const address = await startWrongServer('echoes raw input')
    const { code, stdout } = await run('--connect', formatAddress(address))
    expect(code).toBe(EXIT.failed)
    expect(stdout).toMatch(
      /^FAILED {2}R4 +no error holds .*\n +sent +NO-SUCH-COMMAND\\x1b\[2J\n +wanted .*\n +came .*\n/m,
    )
    expect(stdout).toMatch(/\n\d+ held, 3 failed\n$/)
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('takes the token from the environment, and does not show it', async () => {
    const { address } = await startServer({ token: 's3cret' })
    vi.stubEnv('SKYLINE_TOKEN', 's3cret')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, stdout } = await run(formatAddress(address))
    expect({ code, shown: stdout.includes('s3cret') }).toEqual({ code: EXIT.ok, shown: false })
  })

  it('is not begun without the token that the server wants', async () => {
    const { address } = await startServer({ token: 's3cret' })
    await expect(run(formatAddress(address))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/token/),
    })
  })

  const forever = function* () {
    for (;;) yield 'A'.repeat(1000)
  }

  it.each([
    {
      what: 'a server of something else',
      says: (socket: Socket) => socket.write('SSH-2.0-x\r\n'),
      came: /SSH-2\.0-x\\r\\n/,
    },
    { what: 'a server that is silent', says: () => {}, came: /nothing for 50 ms/ },
    { what: 'a server that leaves', says: (socket: Socket) => socket.end(), came: /the end of the connection/ },
    {
      what: 'a server that sends without end',
      says: (socket: Socket) => pipeline(Readable.from(forever()), socket, () => {}),
      came: /A{100} \.\.\. \d+ more \.\.\. A{20}/,
    },
  ])('says of $what in one line that it is none, and exits with 3', async ({ says, came }) => {
    const server = createServer((socket) => {
      onTestFinished(() => void socket.destroy())
      says(socket.on('error', () => {}))
    })
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { code, stdout, stderr } = await run(`127.0.0.1:${port}`, '--timeout', '50ms')
    expect({ code, stdout }).toEqual({ code: EXIT.noConnection, stdout: '' })
    expect(stderr).toMatch(/^skyline: 127\.0\.0\.1:\d+ is no skyline\/1: wanted OK READY, came [^\n]+\n$/)
    expect(stderr).toMatch(came)
  })

  it('is not begun where the server takes nobody', async () => {
    const { address } = await startServer({ maxConnections: 1 })
    const first = connect(address)
    onTestFinished(() => void first.destroy())
    await once(first, 'data')
    const { code, stdout, stderr } = await run(formatAddress(address))
    expect({ code, stdout }).toEqual({ code: EXIT.noConnection, stdout: '' })
    expect(stderr).toMatch(/^skyline: no connection to [^\n]+: ERR BUSY; [^\n]+\n$/)
  })

  it('exits with 3 where there is no server', async () => {
    const unused = createServer()
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve))
    const { port } = unused.address() as { port: number }
    await new Promise((resolve) => unused.close(resolve))
    const { code, stderr } = await run(`127.0.0.1:${port}`)
    expect(code).toBe(EXIT.noConnection)
    expect(stderr).toMatch(/^skyline: no connection to 127\.0\.0\.1:\d+: .*ECONNREFUSED.*\n$/)
  })

  it.each([
    { args: ['nowhere'], what: /HOST:PORT/ },
    { args: ['127.0.0.1:1', '--connect', '127.0.0.1:1'], what: /given twice/ },
    { args: ['127.0.0.1:1', '--timeout', '0'], what: /--timeout/ },
  ])('does not take $args', async ({ args, what }) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(what) })
  })
})
