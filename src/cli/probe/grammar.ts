import { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES } from '../../wire/limits.ts'
import type { Check } from './check.ts'
import { say } from './dialogue.ts'
import { soft } from './reply.ts'
import { NO_COMMAND, pingWith } from './texts.ts'

// Section 3: lines, names and values.

export const GRAMMAR: readonly Check[] = [
  say('section 3', 'names are compared without case', ['ping', 'OK PONG'], ['PiNg\niD: 1', 'OK PONG; Id: 1']),
  say(
    'section 3',
    'outer white space is no part of a value',
    ['PING\nId: \t 1 \t', 'OK PONG; Id: 1'],
    ['PING\nId:2', 'OK PONG; Id: 2'],
    ['PING  ', 'OK PONG'],
  ),
  say(
    'section 3',
    'a command has at most 32 characters, a key 64',
    ['N'.repeat(MAX_COMMAND_BYTES), soft('UNKNOWN_COMMAND')],
    ['N'.repeat(MAX_COMMAND_BYTES + 1), soft('PARSE', 'At: line 1')],
    [`PING\n${'X-'.padEnd(MAX_KEY_BYTES, 'x')}: 1`, 'OK PONG'],
    [`PING\n${'X-'.padEnd(MAX_KEY_BYTES + 1, 'x')}: 1`, soft('PARSE', 'At: line 2')],
  ),
  say(
    'G1, R5',
    'mistakes of grammar are PARSE, soft, and say in which line',
    ['PING\nNote', soft('PARSE', 'At: line 2')],
    ['PING\nNote : x', soft('PARSE', 'At: line 2')],
    ['PING\n: x', soft('PARSE', 'At: line 2')],
    ['PING\nNote: x\n folded', soft('PARSE', 'At: line 3')],
    ['PING\n ', soft('PARSE', 'At: line 2')],
    ['PING\n9: x', soft('PARSE', 'At: line 2')],
    [' PING', soft('PARSE', 'At: line 1')],
    ['9LIVES', soft('PARSE', 'At: line 1')],
    ['Note: x', soft('PARSE', 'At: line 1')],
  ),
  say('G1', 'a forgotten empty line is told by a hint', ['PING\nPING', soft('PARSE', 'Hint: *empty line*')]),
  say(
    'G2',
    'a key that stands twice is DUPLICATE_HEADER',
    ['PING\nNote: a\nNote: a', soft('DUPLICATE_HEADER')],
    ['PING\nX-A: 1\nX-B: 1\nx-a: 2\nId: 1', soft('DUPLICATE_HEADER', 'Id: 1')],
  ),
  say(
    'G2',
    '64 headers are taken, 65 are TOO_MANY_HEADERS',
    [pingWith(MAX_HEADERS), 'OK PONG'],
    [pingWith(MAX_HEADERS + 1), soft('TOO_MANY_HEADERS')],
  ),
  say(
    'section 4',
    'a header that the command does not know is UNKNOWN_HEADER, but for Note and X-*',
    ['PING\nColour: red', soft('UNKNOWN_HEADER')],
    ['PING\nNote: red\nX-Colour: red\nx-c: red', 'OK PONG'],
  ),
  say(
    'G3',
    'constructor and the like are names like any other',
    ['constructor', soft('UNKNOWN_COMMAND')],
    ['hasOwnProperty', soft('UNKNOWN_COMMAND')],
    ['PING\ntoString: 1', soft('UNKNOWN_HEADER')],
    ['PING\nconstructor: 1\nConstructor: 1', soft('DUPLICATE_HEADER')],
    ['HELP constructor', soft('BAD_ARGUMENT', 'Param: Command')],
    ['HELP toString', soft('BAD_ARGUMENT', 'Param: Command')],
    [NO_COMMAND, soft('UNKNOWN_COMMAND')],
  ),
  say(
    'G3',
    '__proto__ is PARSE',
    ['__proto__', soft('PARSE', 'At: line 1')],
    ['PING\n__proto__: 1', soft('PARSE', 'At: line 2')],
  ),
]
