import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { Session } from '../../src/session/session.ts'
import { Workbench } from '../../src/session/workbench.ts'
import { createWire } from '../../src/wire/wires.ts'
import { play } from '../support/play.ts'
import { QUIET_HOST } from '../support/quiet-host.ts'

/** The replies to a script after HELLO, each as its lines. */
async function replies(script: string): Promise<string[][]> {
  const answer = await play([Buffer.from(`HELLO\n\n${script}`)])
  const messages = answer.toString().split('\r\n\r\n').slice(2, -1)
  return messages.map((message) => message.split('\r\n'))
}

const firstLines = async (script: string) => (await replies(script)).map(([line]) => line)

describe('the order of replies', () => {
  it('is that of the commands, and what stands behind a WAIT begins when it is answered (R1)', async () => {
    const answered = await firstLines('MOVE 0 100\n\nWAIT\n\nMOVE 0 0\n\nPING\n\nWAIT\n\nPING\n\n')
    expect(answered).toEqual([
      'OK MOVING_TO(0, 100)',
      'OK ARRIVED',
      'OK MOVING_TO(0, 0)',
      'OK PONG',
      'OK ARRIVED',
      'OK PONG',
    ])
  })

  it('flies two legs, one after the other (R1)', async () => {
    const [, first, , second] = await replies('MOVE 0 100\n\nWAIT\n\nMOVE 100 100\n\nWAIT\n\n')
    expect(first).toEqual(['OK ARRIVED', 'X: 0', 'Y: 100', 'Z: 0'])
    expect(second).toEqual(['OK ARRIVED', 'X: 100', 'Y: 100', 'Z: 0'])
  })

  it('holds back an error behind a WAIT as well (R1)', async () => {
    expect(await firstLines('MOVE 0 100\n\nWAIT\n\nPI\0NG\n\n')).toEqual([
      'OK MOVING_TO(0, 100)',
      'OK ARRIVED',
      'ERR PARSE',
    ])
  })
})

describe('a turn', () => {
  it('has its end also where what is said is sent within it', () => {
    const workbench = new Workbench(new CommandTable(COMMANDS))
    const execute = () => {
      workbench.output.take()
      return {}
    }
    const timeouts = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }
    const options = { greeting: new Uint8Array(0), wire: createWire('text'), timeouts }
    const session = new Session(options, { ...QUIET_HOST, execute }, workbench, 0)
    session.receive(Buffer.from('HELLO\n\n'), 0)
    expect(session.receive(Buffer.from('PING\n\n'.repeat(10_000)), 0)).toBe('full')
    expect(session.messages).toBeLessThan(2000)
  })
})

describe('an error says where (R5)', () => {
  it.each([
    ['the line of the message, for a grammar error', 'PING\n\nMOVE\nX: 1\nbad\n\n', 'At: line 3'],
    ['the parameter, for a value', 'MOVE 1 x\n\n', 'Param: Y'],
    ['what was perhaps meant, for a command', 'STATSU\n\n', 'Hint: did you mean STATUS?'],
    ['what was perhaps meant, for a header', 'WAIT\nTimeuot: 5\n\n', 'Hint: did you mean Timeout?'],
    ['that an empty line is missing, where one is', 'PING\nPING\n\n', 'Hint: an empty line ends each message'],
  ])('%s', async (_, script, line) => {
    expect((await replies(script)).flat()).toContain(line)
  })
})

describe('of several mistakes in one message the first is told (R7)', () => {
  // Each message has all the mistakes of the ones below it, so far as they go together, and one more.
  it.each([
    ['INVALID_UTF8', 'FLY\nX 1\nId: \xff\n\n'],
    ['PARSE', `FLY\nX 1\nX: 1\nX: 1\nId: !\n${'a: 1\n'.repeat(65)}\n`],
    ['TOO_MANY_HEADERS', `FLY\nX: 1\nX: 1\nId: !\n${'a: 1\n'.repeat(65)}\n`],
    ['DUPLICATE_HEADER', 'FLY\nX: 1\nX: 1\nId: !\n\n'],
    ['UNKNOWN_COMMAND', 'FLY\nId: !\n\n'],
    ['WRONG_STATE', 'HELLO a b c d\nId: !\nFoo: 1\n\n'],
    ['BAD_ARGUMENT', 'MOVE 1 2 3 4 5\nId: !\nFoo: 1\n\n'],
    ['UNKNOWN_HEADER', 'MOVE a b c d e\nFoo: 1\n\n'],
    ['TOO_MANY_ARGUMENTS', 'MOVE a b c d e\n\n'],
    ['BAD_ARGUMENT', 'MOVE a\nX: 1\n\n'],
    ['MISSING_ARGUMENT', 'MOVE 1\nZ: z\n\n'],
    ['BAD_ARGUMENT', 'MOVE 1 y 9999999999\n\n'],
    ['OUT_OF_RANGE', 'MOVE 1 2 9999999999 fast\n\n'],
  ])('%s', async (code, script) => {
    const answer = await play([Buffer.from('HELLO\n\n'), Buffer.from(script, 'latin1')])
    const [, , reply = ''] = answer.toString('latin1').split('\r\n\r\n')
    expect(reply.split('\r\n')[0]).toBe(`ERR ${code}`)
  })

  it('tells VERSION_UNSUPPORTED before AUTH_FAILED (R7)', async () => {
    const answer = await play([Buffer.from('HELLO wrong 2\n\nHELLO wrong 1\n\n')], { token: 's3cret' })
    const codes = [...answer.toString().matchAll(/ERR (\w+)/g)].map(([, code]) => code)
    expect(codes).toEqual(['VERSION_UNSUPPORTED', 'AUTH_FAILED'])
  })
})

describe('what a client sent', () => {
  it('is quoted in errors, cut after 64 bytes, with \\xhh for what is not printable ASCII (R4)', async () => {
    const [[, reason] = []] = await replies(`MOVE ${'é'.repeat(40)} 1\n\n`)
    expect(reason).toBe(`Reason: X takes an integer, -2147483648..2147483647 cm, got "${'\\xc3\\xa9'.repeat(32)}"...`)
  })

  it('is never quoted before HELLO has succeeded, but for names (R4)', async () => {
    const secret = 's3cret'
    const scripts = [`Token ${secret}`, `HELLO\nToken ${secret}`, `HELLO a b c ${secret}`, `HELLO\nVersion: ${secret}`]
    const more = [`HELP ${secret}`, `PING\nId: ${secret}!`, `PING\n${secret} : x`, `HELLO\nToken: ${secret}`]
    const answer = await play(
      [...scripts, ...more].map((script) => Buffer.from(`${script}\n\n`)),
      { token: 'other' },
    )
    expect(answer.toString().match(/^ERR /gm)).toHaveLength(8)
    expect(answer.toString()).not.toContain(secret)
  })
})
