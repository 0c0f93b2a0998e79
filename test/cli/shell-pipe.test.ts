import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runShell } from '../../src/cli/shell/shell.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Somebody, sitDown, TOKEN } from '../support/shell-somebody.ts'
import { startServer } from '../support/start-server.ts'

describe('at a pipe, the shell', () => {
  const pipe = async (text: string, options: ServerOptions = {}) => {
    const { somebody } = await sitDown({ isTTY: false }, options)
    somebody.end(text)
    return { code: await somebody.exit, written: somebody.written, errors: somebody.errors }
  }

  it('runs the lines without prompt, colour or history, up to the last, which may have no end', async () => {
    const { somebody } = await sitDown({ isTTY: false })
    somebody.end('# a comment\nMOVE 1 2\n\nPING')
    expect(await somebody.exit).toBe(0)
    expect(somebody.written).toBe('OK MOVING_TO(1, 2)\nX: 1\nY: 2\nOp: 1\nOK PONG\nOK BYE\n')
    expect(readFileSync(somebody.file, 'utf8')).toBe('')
  })

  it('says no second QUIT', async () => {
    expect(await pipe('PING\nQUIT\n')).toEqual({ code: 0, written: 'OK PONG\nOK BYE\n', errors: '' })
  })

  it('ends with exit code 1 after an ERR, having run all the lines', async () => {
    const { code, written } = await pipe('!MOVE\nPING\n')
    expect(code).toBe(1)
    expect(written).toMatch(/^ERR MISSING_ARGUMENT\n(.+\n)+OK PONG\nOK BYE\n$/)
  })

  it('ends with exit code 1 after a line that was wrong, and answers it in its place', async () => {
    const { code, written } = await pipe('PING\nMVOE\nPING\n')
    expect(code).toBe(1)
    expect(written).toBe('OK PONG\nNot sent: There is no command "MVOE"; did you mean MOVE?\nOK PONG\nOK BYE\n')
  })

  it.each([
    { what: 'of one word', line: 'x' },
    { what: 'of spaces, with more behind them', line: 'PING ' },
    { what: 'to be sent unchecked', line: '!PING ' },
  ])('refuses a line $what that no message has room for, and goes on with the next', async ({ line }) => {
    const { code, written } = await pipe(`PING\n${line}${line.at(-1)?.repeat(100_000)}x\nPING\n`)
    expect(code).toBe(1)
    expect(written).toBe('OK PONG\nNot sent: The message is longer than 8192 bytes\nOK PONG\nOK BYE\n')
  })

  it('runs more lines than may be under way at once', async () => {
    const count = 2000
    const { code, written } = await pipe('PING\n'.repeat(count))
    expect({ code, written }).toEqual({ code: 0, written: `${'OK PONG\n'.repeat(count)}OK BYE\n` })
  })

  it('ends with exit code 1 where the token is wrong, and shows what the server says', async () => {
    const { address } = await startServer({ token: TOKEN })
    const somebody = new Somebody(address, { isTTY: false, token: 'another' })
    expect(await somebody.exit).toBe(1)
    expect(somebody.errors).toMatch(/^ERR AUTH_FAILED\n/)
    expect(somebody.written).toBe('')
  })

  it('ends with exit code 3 where HELLO gets no reply for 10 s', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const clock = new FakeClock()
    const [input, output, error] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const exit = runShell({ host: '127.0.0.1', port, clock }, { input, output, error }, '/nowhere')
    const [socket] = await once(server, 'connection')
    socket.write('OK READY\r\nProtocol: 1\r\n\r\n')
    await once(socket, 'data')
    clock.advance(9_999)
    expect(error.read()).toBe(null)
    clock.advance(1)
    expect(await exit).toBe(3)
    expect(String(error.read())).toBe('TIMEOUT: No reply came in time\n')
  })

  it('ends with exit code 3 where there is no server', async () => {
    const { server, address } = await startServer()
    await server.close()
    const somebody = new Somebody(address, { isTTY: false })
    expect(await somebody.exit).toBe(3)
    expect(somebody.errors).toMatch(/^CONNECTION_CLOSED: .*ECONNREFUSED/)
  })
})
