import type { Check } from './check.ts'
import { check, PONG, say } from './dialogue.ts'
import { fatal, soft } from './reply.ts'
import { utf8 } from './texts.ts'

// Section 2: which bytes a message may hold.

export const BYTES: readonly Check[] = [
  say('F6', 'NUL is PARSE, fatal', PONG, ['PING\nNote: a\0b', fatal('PARSE')]),
  say('F2', 'a CR without its LF is PARSE, fatal', PONG, ['PING\nNote: a\rb', fatal('PARSE')]),
  check(
    'F6',
    'invalid UTF-8 is INVALID_UTF8, fatal',
    ...['\xff', '\xc0\xaf', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xe2\x82'].map((bytes) => ({
      turns: [PONG, [`PING\nNote: ${bytes}`, fatal('INVALID_UTF8')] as const],
    })),
  ),
  say('F6', 'UTF-8 is taken', [utf8('PING\nNote: grüße, 🚁'), 'OK PONG'], ['PING\nNote: a\tb', 'OK PONG']),
  say(
    'F6',
    'any other control character is PARSE, soft',
    ['PING\x1b[A', soft('PARSE', 'At: line 1')],
    ['PING\nNote: \x07\nId: bell', soft('PARSE', 'At: line 2', 'Id: bell')],
    ['PING\nNote: \x7f', soft('PARSE', 'At: line 2')],
    ['HELP\tPING', soft('PARSE', 'At: line 1')],
  ),
  check('F6', 'no verdict falls before the message is complete', {
    turns: [PONG],
    rest: ['PING\nNote: \0\xff\n', fatal('INCOMPLETE')],
    fin: true,
  }),
]
