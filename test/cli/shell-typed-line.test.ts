import { describe, expect, it } from 'vitest'
import { describeMistake, mistakeIn } from '../../src/cli/mistake.ts'
import { readTypedLine, toBytes } from '../../src/cli/shell/typed-line.ts'
import { toMessage } from '../../src/cli/to-message.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'

const table = new CommandTable(COMMANDS)
const bytesOf = (line: string) => toBytes(toMessage(readTypedLine(line, table)?.words ?? []))

describe('a typed line', () => {
  it.each([
    { line: 'PING', sent: ['PING'] },
    { line: '  ping  ', sent: ['ping'] },
    { line: 'MOVE 10 20', sent: ['MOVE 10 20'] },
    { line: 'MOVE  10\t20', sent: ['MOVE 10 20'] },
    { line: 'MOVE X=10 Y=20 ', sent: ['MOVE', 'X: 10', 'Y: 20'] },
    { line: 'MOVE X: 10 Y: 20', sent: ['MOVE', 'X: 10', 'Y: 20'] },
    { line: 'MOVE X:10 Y:-20', sent: ['MOVE', 'X: 10', 'Y: -20'] },
    { line: 'MOVE 10 20 speed: 5', sent: ['MOVE 10 20', 'speed: 5'] },
    { line: 'PING Note=hi Id: 7', sent: ['PING', 'Note: hi', 'Id: 7'] },
    { line: 'WRITE hello,  world', sent: ['WRITE', 'Text: hello,  world'] },
    { line: 'WRITE a=b c: d', sent: ['WRITE', 'Text: a=b c: d'] },
    { line: 'WRITE Text=hello,  world', sent: ['WRITE', 'Text: hello,  world'] },
    { line: 'write text: hello,  world', sent: ['write', 'text: hello,  world'] },
    { line: 'WRITE note: hello', sent: ['WRITE', 'Text: note: hello'] },
    { line: 'WRITE', sent: ['WRITE'] },
    { line: 'FLY a:b', sent: ['FLY a:b'] },
    { line: '! MOVE a', sent: ['MOVE a'] },
  ])('$line is sent as $sent', ({ line, sent }) => {
    expect(new TextDecoder().decode(bytesOf(line))).toBe([...sent, '', ''].join('\r\n'))
  })

  it.each([
    { line: 'PING', unchecked: false },
    { line: '!PING', unchecked: true },
    { line: ' ! PING', unchecked: true },
  ])('$line is unchecked: $unchecked', ({ line, unchecked }) => {
    expect(readTypedLine(line, table)).toEqual({ words: ['PING'], unchecked })
  })

  it.each(['', '   ', '# a comment', '  #', '!', '! '])('%j is no command', (line) => {
    expect(readTypedLine(line, table)).toBeUndefined()
  })
})

describe('a mistake', () => {
  it.each([
    { line: 'MVOE 1 2', code: 'UNKNOWN_COMMAND', text: /^There is no command "MVOE"; did you mean MOVE\?$/ },
    { line: '9lives', code: 'PARSE', text: /^A command is a letter.*"9lives"/ },
    { line: 'MOVE 10', code: 'MISSING_ARGUMENT', text: /^MOVE needs Y.*; usage: MOVE X Y \[Z\] \[Speed\]$/ },
    { line: 'MOVE 10 x', code: 'BAD_ARGUMENT', text: /^Y takes an integer.*, got "x"$/ },
    { line: 'MOVE 1 2 Sped=3', code: 'UNKNOWN_HEADER', text: /did you mean Speed\?$/ },
    { line: 'MOVE 1 2 Sped: 3', code: 'UNKNOWN_HEADER', text: /did you mean Speed\?$/ },
    { line: 'MOVE X=1 x=2', code: 'DUPLICATE_HEADER', text: /"x" is given twice$/ },
    { line: 'COLOR 256 0 0', code: 'OUT_OF_RANGE', text: /^R takes an integer, 0\.\.255, got "256"$/ },
    { line: 'PING \x1b[A', code: 'PARSE', text: /control character/ },
    { line: 'PING Id=a/b', code: 'BAD_ARGUMENT', text: /^Id takes .*, got "a\/b"$/ },
    { line: `PING Note=${'n'.repeat(8192)}`, code: 'MESSAGE_TOO_BIG', text: /longer than 8192 bytes/ },
  ])('is found before it is sent: $code', ({ line, code, text }) => {
    const mistake = mistakeIn(bytesOf(line))
    expect(mistake?.code).toBe(code)
    expect(mistake && describeMistake(mistake)).toMatch(text)
  })

  it.each(COMMANDS.map(({ example }) => example))('is not found in %j, the example of its command', (example) => {
    expect(mistakeIn(bytesOf(example))).toBeUndefined()
  })
})
