import { describe, expect, it } from 'vitest'
import { decoded, failureOf } from '../support/decoded.ts'

const MANY_ARGUMENTS = ' 1'.repeat(40)

/** All that a failure says. */
const told = (text: string) => JSON.stringify(decoded(text))

describe('the failures of decode', () => {
  it.each([
    ['a header of no parameter', 'MOVE 1 2\nSpeeed: 5', { code: 'UNKNOWN_HEADER' }],
    ['a header of another command', 'PING\nX: 1', { code: 'UNKNOWN_HEADER' }],
    ['a header that objects inherit', 'MOVE 1 2\nconstructor: 1', { code: 'UNKNOWN_HEADER' }],
    ['a header that is nearly an extension', 'PING\nX_Any: 1', { code: 'UNKNOWN_HEADER' }],
    ['an argument too many', 'MOVE 1 2 3 4 5', { code: 'TOO_MANY_ARGUMENTS' }],
    ['many arguments too many', `MOVE${MANY_ARGUMENTS}`, { code: 'TOO_MANY_ARGUMENTS' }],
    ['an argument where there is none', 'PING now', { code: 'TOO_MANY_ARGUMENTS' }],
    ['a parameter given both ways', 'MOVE 10 20\nX: 10', { code: 'BAD_ARGUMENT', param: 'X' }],
    ['a text given both ways', 'WRITE a\nText: a', { code: 'BAD_ARGUMENT', param: 'Text' }],
    ['a parameter left out', 'MOVE 10', { code: 'MISSING_ARGUMENT', param: 'Y' }],
    ['a parameter left out before another', 'MOVE\nY: 20', { code: 'MISSING_ARGUMENT', param: 'X' }],
    ['a text left out', 'WRITE', { code: 'MISSING_ARGUMENT', param: 'Text' }],
    ['an unknown header before too many arguments', 'PING now\nY: 1', { code: 'UNKNOWN_HEADER' }],
    ['too many arguments before a bad one', 'MOVE a 2 3 4 5\nX: 1', { code: 'TOO_MANY_ARGUMENTS' }],
    ['a parameter given twice before its form', 'MOVE a 2\nX: b', { code: 'BAD_ARGUMENT', param: 'X' }],
    ['a missing X before a bad Y', 'MOVE\nY: b\nZ: c', { code: 'MISSING_ARGUMENT', param: 'X' }],
    ['an X out of range before a missing Y', 'MOVE 2147483648', { code: 'OUT_OF_RANGE', param: 'X' }],
    ['a word that is none of a choice', 'SUBSCRIBE BATTERY', { code: 'BAD_ARGUMENT', param: 'Topic' }],
    ['a choice that is empty', 'MOVE 1 2\nWait:', { code: 'BAD_ARGUMENT', param: 'Wait' }],
    ['a letter that only Unicode folds', 'UNSUBSCRIBE LIN\u212a', { code: 'BAD_ARGUMENT', param: 'Topic' }],
    ['an argument in the place of a header only', 'LAND yes', { code: 'TOO_MANY_ARGUMENTS' }],
    ['a second argument where only one has a place', 'WAIT 5 7', { code: 'TOO_MANY_ARGUMENTS' }],
    ['a bad X before a Y given twice', 'MOVE a 2\nY: 2', { code: 'BAD_ARGUMENT', param: 'X' }],
  ])('tells of %s (section 4, R7)', (_, text, expected) =>
    expect(failureOf(text)).toEqual({ param: undefined, ...expected }),
  )

  it.each([
    ['MOVE 1 2 3 1001', ['Speed', '1..1000', '1001']],
    ['MOVE 1 2 fast', ['Z', '-2147483648..2147483647', 'fast']],
    ['WRITE\nText:', ['Text', '1..255', '0 bytes']],
    ['MOVE 10', ['Y', 'MOVE X Y [Z] [Speed]']],
    ['MOVE 1 2 3 4 5', ['MOVE', '4', '5']],
    ['MOVE 1 2\nSpede: 5', ['Spede', 'did you mean Speed?']],
    ['SUBSCRIBE TELEMTRY', ['Topic', 'TELEMETRY or OPS or LINK or CONTROL', 'TELEMTRY', 'did you mean TELEMETRY?']],
    ['TAKEOFF\nWait: maybe', ['Wait', 'yes or no', 'maybe']],
    ['LAND now', ['LAND takes no arguments, got 1', 'usage: LAND']],
    ['WAIT 1 2', ['WAIT takes at most 1 argument, got 2', 'usage: WAIT [Timeout]']],
  ])('names in its words on %j the parameter, what came and what is allowed: %j (R5)', (text, parts) => {
    for (const part of parts) expect(told(text)).toContain(part)
  })

  it.each(['\u202e', '\u009b', 'é'])('quotes the word that it refuses: %j never comes back raw (R4)', (character) => {
    for (const text of [`MOVE 1 ${character}`, `WRITE \u009c${character}`]) expect(told(text)).not.toContain(character)
  })
})
