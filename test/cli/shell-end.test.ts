import { describe, expect, it } from 'vitest'
import { KEY, Somebody, sitDown, startTeller, WELCOME } from '../support/shell-somebody.ts'
import { until } from '../support/until.ts'

describe('in the end, the shell', () => {
  it('says QUIT at Ctrl-D once all is answered, and ends with exit code 0 even after an ERR', async () => {
    const { somebody, clock } = await sitDown()
    somebody.type('!MOVE', KEY.enter, 'MOVE 100 0', KEY.enter, 'WAIT', KEY.enter)
    await somebody.sees('X: 100', 'Y: 0', 'Op: 1', '>')
    somebody.type(KEY.ctrlD)
    await somebody.sees('> QUIT', 'Waiting for replies: Ctrl-C leaves at once')
    await until(() => clock.timers > 0)
    clock.advance(10_000)
    expect(await somebody.exit).toBe(0)
    expect(somebody.lines.slice(-5)).toEqual(['OK ARRIVED', 'X: 100', 'Y: 0', 'Z: 0', 'OK BYE'])
    expect(somebody.errors).toBe('')
  })

  it.each(['QUIT', 'exit'])('ends with exit code 0 at %s', async (line) => {
    const { somebody } = await sitDown()
    somebody.type(line, KEY.enter)
    expect(await somebody.exit).toBe(0)
    expect(somebody.lines.slice(-2)).toEqual([`> ${line}`, 'OK BYE'])
  })

  it('says why the server ends, and what was not run, with exit code 3', async () => {
    const { somebody, server } = await sitDown()
    somebody.type('MOVE 100 0', KEY.enter, 'WAIT', KEY.enter, 'PING', KEY.enter, 'half')
    await somebody.sees('Y: 0', 'Op: 1', '> half')
    await server.close()
    expect(await somebody.exit).toBe(3)
    expect(somebody.lines.filter((line) => line.startsWith('ERR'))).toEqual(['ERR SHUTTING_DOWN'])
    expect(somebody.lines.at(-1)).toBe('PING was not run: the connection is closed')
    expect(somebody.errors).toBe('skyline: The server has ended the connection\n')
  })

  it('says why the server ends when nothing was asked for', async () => {
    const timeouts = { handshakeMs: 0, messageMs: 0, idleMs: 1000 }
    const { somebody, clock } = await sitDown({}, { timeouts })
    await until(() => clock.timers > 0)
    clock.advance(1000)
    expect(await somebody.exit).toBe(3)
    expect(somebody.lines).toContain('ERR IDLE_TIMEOUT')
    expect(somebody.lines.at(-1)).toMatch(/^Hint: a PING now and then/)
  })

  it('says that a command got no reply when the connection breaks', async () => {
    const { address, say } = await startTeller()
    const somebody = new Somebody(address)
    await somebody.sees(WELCOME, '>')
    somebody.type('PING', KEY.enter)
    await somebody.sees('> PING', '>')
    say('nonsense\n\n')
    expect(await somebody.exit).toBe(3)
    expect(somebody.lines.slice(-2)).toEqual(['> PING', 'PING got no reply: the connection is closed'])
    expect(somebody.errors).toMatch(/^skyline: What the server sent is not skyline\/1: .*\n$/)
  })
})
