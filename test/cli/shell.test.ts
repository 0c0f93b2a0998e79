import { describe, expect, it, vi } from 'vitest'
import { optionsOf } from '../../src/cli/program.ts'
import { shell } from '../../src/cli/shell/shell.ts'
import { KEY, Somebody, sitDown, TOKEN } from '../support/shell-somebody.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'

it('has the options of all that connect, and takes no words', () => {
  expect(optionsOf(shell).map(({ name }) => name)).toEqual([
    'connect',
    'token-file',
    'wire',
    'tls-ca',
    'tls-cert',
    'tls-key',
    'timeout',
    'help',
    'version',
  ])
  expect(shell.maxWords).toBe(0)
})

describe('at a terminal, the shell', () => {
  it('says HELLO with the token, and shows each reply above the next prompt', async () => {
    const { somebody } = await sitDown({ token: TOKEN }, { token: TOKEN })
    somebody.type('MOVE X: 10 Y: 20', KEY.enter)
    await somebody.sees('> MOVE X: 10 Y: 20', 'OK MOVING_TO(10, 20)', 'X: 10', 'Y: 20', 'Op: 1', '>')
    expect(somebody.written).toContain('\x1b[32mOK\x1b[0m MOVING_TO(10, 20)')
  })

  it('has no colour with NO_COLOR', async () => {
    vi.stubEnv('NO_COLOR', '1')
    const { somebody } = await sitDown()
    somebody.type('PING', KEY.enter, 'MVOE', KEY.enter)
    await somebody.sees('> MVOE', 'Not sent: There is no command "MVOE"; did you mean MOVE?', 'OK PONG', '>')
    expect(somebody.written).not.toMatch(/\p{Cc}\[\d*m/u)
  })

  it('does not send a line that is wrong, unless a ! stands before it', async () => {
    const { somebody } = await sitDown()
    somebody.type('MOVE 10 x', KEY.enter)
    const wanted = 'Y takes an integer, -2147483648..2147483647 cm, got "x"'
    await somebody.sees('> MOVE 10 x', `Not sent: ${wanted}`, '>')
    expect(somebody.written).toContain(`\x1b[2mNot sent: ${wanted}`)
    somebody.type('!MOVE 10 x', KEY.enter)
    await somebody.sees('> !MOVE 10 x', 'ERR BAD_ARGUMENT', `Reason: ${wanted}`, 'Fatal: no', 'Param: Y', '>')
  })

  it('has HELP answered by the server', async () => {
    const { somebody } = await sitDown()
    somebody.type('HELP', KEY.enter)
    await until(() => somebody.lines.includes('OK HELP'))
    expect(somebody.lines).toContain('MOVE: X Y [Z] [Speed], fly to a point')
  })

  it('does without prompt and colour where the cursor cannot be moved', async () => {
    vi.stubEnv('TERM', 'dumb')
    const { address } = await startServer()
    const somebody = new Somebody(address)
    somebody.end('PING\n')
    expect(await somebody.exit).toBe(0)
    expect(somebody.written).toBe('OK PONG\nOK BYE\n')
  })
})
