import { MAX_QUOTED_BYTES } from '../../wire/limits.ts'
import type { Check } from './check.ts'
import { describeEnd, exchange, HELLO, type Turn } from './dialogue.ts'
import { showReply } from './reply.ts'
import { NO_COMMAND, utf8 } from './texts.ts'

// R4: what an error may tell of what the client sent.

const LONG_WORD_BYTES = 200
/** Stands for something that is nobody's business. */
const SECRET = 'pr0be-s3cret'

/** Every mistake that might be quoted, with bytes that a terminal would obey. */
const HOSTILE: readonly string[] = [
  `${NO_COMMAND}\x1b[2J`,
  'PING\nNote\x1b]0;title\x07',
  'PING\nNote: \x7f',
  utf8('grüße'),
  utf8('PING\nGrüße: 1'),
  utf8('PING\nId: \u009b31m'),
  utf8('HELP \u202e'),
]

export const QUOTING: readonly Check[] = [
  silent(
    'no error holds bytes of the client that are not printable ASCII',
    [{ turns: turnsOf(HOSTILE) }, { turns: [HELLO, ...turnsOf(HOSTILE)] }],
    /[^\x20-\x7e]/,
  ),
  silent(
    'an error quotes at most 64 bytes of a word',
    [
      {
        turns: [HELLO, ...turnsOf([`HELP ${'q'.repeat(LONG_WORD_BYTES)}`, `PING\nId: ${'q'.repeat(LONG_WORD_BYTES)}`])],
      },
    ],
    new RegExp(`q{${MAX_QUOTED_BYTES + 1}}`),
  ),
  silent(
    'before HELLO no error quotes a value',
    [
      {
        turns: turnsOf([
          `Token ${SECRET}`,
          `HELLO\nToken ${SECRET}`,
          `HELLO\nTokne: ${SECRET}`,
          `HELLO 1 2 3 4 ${SECRET}`,
          `HELLO\nVersion: ${SECRET}`,
          `HELP ${SECRET}`,
          `PING\nId: ${SECRET}!`,
        ]),
      },
    ],
    new RegExp(SECRET),
  ),
]

/** Turns whose replies are not looked at one by one: it is enough that they come. */
function turnsOf(messages: readonly string[]): readonly Turn[] {
  return messages.map((message) => [message, 'ERR'])
}

/** A check that a pattern is nowhere in what comes behind the greeting, though all of it is answered. */
function silent(name: string, dialogues: readonly { readonly turns: readonly Turn[] }[], pattern: RegExp): Check {
  return {
    clause: 'R4',
    name,
    run: async (target) => {
      for (const { turns } of dialogues) {
        const { replies, end } = await exchange(target, { turns })
        for (const [index, [sent]] of turns.entries()) {
          const reply = replies[index + 1]
          const came = reply === undefined ? describeEnd(end, target) : showReply(reply)
          if (reply === undefined || pattern.test(came))
            return { sent, wanted: `nothing like ${String(pattern)}`, came }
        }
      }
      return undefined
    },
  }
}
