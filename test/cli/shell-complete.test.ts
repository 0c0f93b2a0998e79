import { expect, it } from 'vitest'
import { complete } from '../../src/cli/shell/complete.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'

const table = new CommandTable(COMMANDS)
const NAMES = table.names

it('offers every command and alias on an empty line, with a space where parameters follow', () => {
  const [candidates, word] = complete('', table)
  expect(word).toBe('')
  expect(candidates.map((name) => name.trimEnd())).toEqual(NAMES)
  expect(candidates).toEqual(expect.arrayContaining(['MOVE ', 'COLOR ', 'PING', 'QUIT', 'EXIT']))
})

it.each([
  { line: 'MO', candidates: ['MOVE '], word: 'MO' },
  { line: 'mo', candidates: ['MOVE '], word: 'mo' },
  { line: '  mo', candidates: ['MOVE '], word: 'mo' },
  { line: '!mo', candidates: ['MOVE '], word: 'mo' },
  { line: '! mo', candidates: ['MOVE '], word: 'mo' },
  { line: 'c', candidates: ['CHANGECOLOR ', 'COLOR '], word: 'c' },
  { line: 'EX', candidates: ['EXIT'], word: 'EX' },
  { line: 'MOVE ', candidates: ['X=', 'Y=', 'Z=', 'Speed=', 'Wait='], word: '' },
  { line: 'move sp', candidates: ['Speed='], word: 'sp' },
  { line: 'MOVE 10 ', candidates: ['Y=', 'Z=', 'Speed=', 'Wait='], word: '' },
  { line: 'MOVE 10 20 ', candidates: ['Z=', 'Speed=', 'Wait='], word: '' },
  { line: 'MOVE Y=20 ', candidates: ['X=', 'Z=', 'Speed=', 'Wait='], word: '' },
  { line: 'MOVE 10 y=20 ', candidates: ['Z=', 'Speed=', 'Wait='], word: '' },
  { line: 'MOVE X: 10 Y:20 ', candidates: ['Z=', 'Speed=', 'Wait='], word: '' },
  { line: '!MOVE 10 20 s', candidates: ['Speed='], word: 's' },
  { line: 'MOVE X=1', candidates: [], word: 'X=1' },
  { line: 'MOVE 1 2 3 4 ', candidates: ['Wait='], word: '' },
  { line: 'COLOR ', candidates: ['R=', 'G=', 'B='], word: '' },
  { line: 'WRITE ', candidates: ['Text='], word: '' },
  { line: 'WRITE hello ', candidates: [], word: '' },
  { line: 'HELP mo', candidates: ['MOVE'], word: 'mo' },
  { line: 'HELP ', candidates: NAMES, word: '' },
  { line: 'HELP MOVE ', candidates: [], word: '' },
  { line: 'PING ', candidates: [], word: '' },
  { line: 'MVOE ', candidates: [], word: '' },
  { line: 'constructor ', candidates: [], word: '' },
])('completes $line', ({ line, candidates, word }) => {
  expect(complete(line, table)).toEqual([candidates, word])
})
