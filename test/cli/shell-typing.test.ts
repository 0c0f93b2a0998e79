import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KEY, Somebody, sitDown, startTeller, TOKEN, WELCOME } from '../support/shell-somebody.ts'
import { until } from '../support/until.ts'

describe('while somebody types, the shell', () => {
  it('gives the next prompt while a WAIT still runs, and keeps what is typed when the reply comes', async () => {
    const { somebody, clock } = await sitDown()
    somebody.type('MOVE 100 0', KEY.enter)
    await somebody.sees('OK MOVING_TO(100, 0)', 'X: 100', 'Y: 0', 'Op: 1', '>')
    somebody.type('WAIT', KEY.enter, 'STTUS', KEY.left, KEY.left)
    await somebody.sees('> WAIT', '> STTUS')
    await until(() => clock.timers > 0)
    clock.advance(10_000)
    await somebody.sees('> WAIT', 'OK ARRIVED', 'X: 100', 'Y: 0', 'Z: 0', '> STTUS')
    somebody.type(KEY.left, 'A')
    await somebody.sees('Z: 0', '> STATUS')
  })

  it('keeps a line of several rows when an event comes, wherever the cursor is', async () => {
    const { address, say } = await startTeller()
    const somebody = new Somebody(address, { columns: 30 })
    await somebody.sees('TAB completes, HELP explains,', 'Ctrl-D quits', '>')
    const typed = `WRITE ${'abcdefgh '.repeat(7)}end`
    somebody.type(typed)
    const shown = () => somebody.lines.join('').replaceAll(' ', '')
    await until(() => shown().endsWith(typed.replaceAll(' ', '')))
    const before = somebody.lines.slice(2)
    expect(before.length).toBeGreaterThan(2)
    say('EVENT ARRIVED\nX: 1\n\n')
    await somebody.sees('EVENT ARRIVED', 'X: 1', ...before)
    somebody.type(...Array<string>(40).fill(KEY.left))
    say('EVENT ARRIVED\nX: 2\n\n')
    await somebody.sees('EVENT ARRIVED', 'X: 1', 'EVENT ARRIVED', 'X: 2', ...before)
  })

  it('completes commands and parameters with TAB', async () => {
    const { somebody } = await sitDown()
    somebody.type('mo', KEY.tab, '1 2 sp', KEY.tab, '7')
    await somebody.sees(WELCOME, '> MOVE 1 2 Speed=7')
    somebody.type(KEY.ctrlC, 'COLOR ', KEY.tab, KEY.tab)
    await somebody.sees(WELCOME, '> COLOR', 'R=  G=  B=', '', '> COLOR')
  })

  it('takes nothing for a blank line', async () => {
    const { somebody } = await sitDown()
    somebody.type(KEY.enter, 'PING', KEY.enter)
    await somebody.sees(WELCOME, '>', '> PING', 'OK PONG', '>')
  })

  it('brings back lines of now and of earlier, and keeps those that went well, but none with a token', async () => {
    const { somebody } = await sitDown({ token: TOKEN, history: ['STATUS'] }, { token: TOKEN })
    const lines = ['PING', `HELLO ${TOKEN}`, `WRITE ${TOKEN}`, 'HELO mistyped', '!MOVE a']
    for (const line of lines) somebody.type(line, KEY.enter)
    await somebody.sees('Fatal: no', 'Param: X', '>')
    somebody.type(KEY.up)
    await somebody.sees('Param: X', '> !MOVE a')
    somebody.type(KEY.up)
    await somebody.sees('Param: X', '> HELO mistyped')
    somebody.type(KEY.up)
    await somebody.sees('Param: X', '> PING')
    somebody.type(KEY.up)
    await somebody.sees('Param: X', '> STATUS')
    expect(readFileSync(somebody.file, 'utf8')).toBe('STATUS\nPING\n')
  })

  it('says so once where no history can be kept', async () => {
    const { somebody } = await sitDown()
    rmSync(dirname(somebody.file), { recursive: true })
    writeFileSync(dirname(somebody.file), 'in the way')
    somebody.type('PING', KEY.enter, 'PING', KEY.enter)
    await until(() => somebody.lines.filter((line) => line === 'OK PONG').length === 2)
    expect(somebody.lines.filter((line) => line.startsWith('The history is not kept: '))).toHaveLength(1)
  })

  it('clears the line at Ctrl-C, wherever the cursor is, and tells how to quit where there is none', async () => {
    const { somebody } = await sitDown()
    somebody.type('MOVE 1 2', KEY.left, KEY.left, KEY.ctrlC)
    await somebody.sees(WELCOME, '>')
    somebody.type(KEY.ctrlC)
    await somebody.sees(WELCOME, 'Ctrl-D quits', '>')
  })
})
