import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { hint } from '../../src/commands/hint.ts'
import { CommandTable } from '../../src/commands/table.ts'

const { names } = new CommandTable(COMMANDS)

describe('hint', () => {
  it.each([
    ['a letter left out', 'MOE', 'MOVE'],
    ['a letter too many', 'MOOVE', 'MOVE'],
    ['a wrong letter', 'MIVE', 'MOVE'],
    ['two letters swapped', 'MVOE', 'MOVE'],
    ['the wrong case, and a slip', 'mvoe', 'MOVE'],
    ['a first letter left out', 'ELLO', 'HELLO'],
    ['a last letter left out', 'STATU', 'STATUS'],
    ['two letters left out', 'CHNGECOLR', 'CHANGECOLOR'],
    ['another spelling', 'COLOUR', 'COLOR'],
    ['two letters swapped', 'QIUT', 'QUIT'],
    ['a slip in an alias', 'EXTI', 'EXIT'],
  ])('guesses from %s: %s is %s (R5)', (_, word, name) => {
    expect(hint(word, names)).toBe(`did you mean ${name}?`)
  })

  it.each(['XYZZY', 'TELEPORT', 'constructor', '__proto__', 'GET', '', 'M', 'é', 'MOVE'.repeat(9), 'x'.repeat(8000)])(
    'has no guess at %j, which is near to nothing (R5)',
    (word) => expect(hint(word, names)).toBeUndefined(),
  )

  it('guesses the nearest name, and not the first that is near', () => {
    expect(hint('WRITT', ['WAIT', 'WRITE'])).toBe('did you mean WRITE?')
    expect(hint('WRITT', ['WRITE', 'WAIT'])).toBe('did you mean WRITE?')
  })

  it('does not take one letter for another', () => {
    expect(hint('Q', ['X', 'Y', 'Z'])).toBeUndefined()
  })

  it('spells a name as the table does', () => {
    expect(hint('spede', ['X', 'Speed'])).toBe('did you mean Speed?')
  })

  it('has no guess where there are no names', () => expect(hint('MOVE', [])).toBeUndefined())
})
