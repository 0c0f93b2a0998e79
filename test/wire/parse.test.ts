import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../support/outcome-of.ts'

const LONGEST_COMMAND = `C${'-'.repeat(31)}`
const LONGEST_KEY = `K${'_'.repeat(63)}`
const NUL = 0x00
const LF = 0x0a
const CR = 0x0d
const BYTES = Array.from({ length: 0x100 }, (_, byte) => byte).filter((byte) => byte !== LF)

const message = (command: string, words: string[] = [], headers: [key: string, value: string][] = []) => ({
  message: { command, arguments: words, headers },
})
const softAt = (line: number) => ({ error: { code: 'PARSE', fatal: false, line } })

describe('parse', () => {
  it.each([
    ['PING\n\n', message('PING')],
    ['a\n\n', message('a')],
    [`${LONGEST_COMMAND}\n\n`, message(LONGEST_COMMAND)],
    ['MOVE 10 20\n\n', message('MOVE', ['10', '20'])],
    ['MOVE   10    20  \n\n', message('MOVE', ['10', '20'])],
    ['PING \n\n', message('PING')],
    ['WRITE !~ : a:b -\n\n', message('WRITE', ['!~', ':', 'a:b', '-'])],
    [
      'MOVE\nX: 10\nY: 20\n\n',
      message(
        'MOVE',
        [],
        [
          ['X', '10'],
          ['Y', '20'],
        ],
      ),
    ],
    [`A\n${LONGEST_KEY}: 1\n\n`, message('A', [], [[LONGEST_KEY, '1']])],
    ['A\nX:\n\n', message('A', [], [['X', '']])],
    ['A\nX: \t \n\n', message('A', [], [['X', '']])],
    ['A\nX:1\n\n', message('A', [], [['X', '1']])],
    ['A\nX:\t 1 \t2\t\n\n', message('A', [], [['X', '1 \t2']])],
    ['A\nX:: a: b:\n\n', message('A', [], [['X', ': a: b:']])],
    ['constructor\ntoString: 1\n\n', message('constructor', [], [['toString', '1']])],
  ])('reads %j (section 3)', (text, expected) => expect(outcomeOf(text)).toEqual(expected))

  it.each([
    ['an argument', 'A é日🚁\n\n', message('A', ['é日🚁'])],
    ['a value', 'A\nX:  é \u0085\u2028\n\n', message('A', [], [['X', 'é \u0085\u2028']])],
    [
      'the outer space of a value that is not ASCII',
      'A\nX: \u00a0\ufeff\n\n',
      message('A', [], [['X', '\u00a0\ufeff']]),
    ],
  ])('keeps UTF-8 in %s as it is (section 3)', (_, text, expected) => {
    expect(outcomeOf(Buffer.from(text).toString('latin1'))).toEqual(expected)
  })

  it.each([
    ['white space before the command', ' PING\n\n', 1],
    ['a TAB before the command', '\tPING\n\n', 1],
    ['a command that begins with a digit', '1A\n\n', 1],
    ['a command that begins with a dash', '-A\n\n', 1],
    ['__proto__ for a command', '__proto__\n\n', 1],
    ['a command of 33 characters', `${LONGEST_COMMAND}c 1\n\n`, 1],
    ['a header in place of the command', 'X: 1\n\n', 1],
    ['a TAB after the command', 'MOVE\t10\n\n', 1],
    ['a TAB after an argument', 'MOVE 10\t\n\n', 1],
    ['a header without a colon', 'A\nX: 1\nY\n\n', 3],
    ['a command where a header is due', 'MOVE 1 2\nPING\n\n', 2],
    ['a space before the colon', 'A\nX : 1\n\n', 2],
    ['a TAB before the colon', 'A\nX\t: 1\n\n', 2],
    ['an empty key', 'A\n: 1\n\n', 2],
    ['a folded line', 'A\nX: 1\n 2\n\n', 3],
    ['a line folded by a TAB', 'A\nX: 1\n\t2\n\n', 3],
    ['a folded line that would be a header', 'A\n X: 1\n\n', 2],
    ['a line of white space', 'A\n \n\n', 2],
    ['a key of 65 characters', `A\n${LONGEST_KEY}_: 1\n\n`, 2],
    ['a key that begins with a digit', 'A\n1: 1\n\n', 2],
    ['__proto__ for a key', 'A\n__proto__: 1\n\n', 2],
    ['the first of two bad lines', 'A\nX: 1\nY\nZ\n\n', 3],
    ['a bad first line before a bad header', 'A\t\nY\n\n', 1],
  ])('refuses %s, and the session goes on (G1)', (_, text, line) => {
    expect(outcomeOf(text)).toEqual(softAt(line))
  })
})

/** What becomes of a line with one byte in its midst, where that byte is of the grammar there or is not. */
function verdict(byte: number, good: boolean, line: number) {
  // 0x80 and above is no UTF-8 by itself, wherever it stands.
  if (byte >= 0x80) return { error: { code: 'INVALID_UTF8', fatal: true } }
  if (byte === NUL || byte === CR) return { error: { code: 'PARSE', fatal: true, line } }
  return good ? { message: expect.anything() } : softAt(line)
}

describe('parse, given any byte but LF', () => {
  it.each([
    ['a command', 1, 'A?A', /[A-Za-z0-9_ -]/],
    ['an argument', 1, 'A b?c', /[ -~]/],
    ['a key', 2, 'A\nK?K: 1', /[A-Za-z0-9_:-]/],
    ['a value', 2, 'A\nX: b?c', /[\t -~]/],
  ])('takes in %s what the grammar has there, and nothing else (F6, section 3)', (_, line, text, allowed) => {
    for (const byte of BYTES) {
      const character = String.fromCharCode(byte)
      const found = outcomeOf(`${text.replace('?', () => character)}\n\n`)
      expect(found, `byte ${byte}`).toMatchObject(verdict(byte, allowed.test(character), line))
    }
  })

  it.each([
    ['a command', 1, '?A', /[A-Za-z]/],
    ['a key', 2, 'A\n?K: 1', /[A-Za-z]/],
  ])('begins %s with a letter only (section 3)', (_, line, text, allowed) => {
    for (const byte of BYTES) {
      const character = String.fromCharCode(byte)
      const found = outcomeOf(`${text.replace('?', () => character)}\n\n`)
      expect(found, `byte ${byte}`).toMatchObject(verdict(byte, allowed.test(character), line))
    }
  })
})
