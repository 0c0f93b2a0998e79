import { MAX_HEADERS, MAX_ID_BYTES } from '../../wire/limits.ts'
import type { Check } from './check.ts'
import { check, describeEnd, exchange, HELLO, say, type Turn } from './dialogue.ts'
import { keepsSending } from './keeps-sending.ts'
import { fatal, soft } from './reply.ts'
import { NO_COMMAND, pingWith, utf8 } from './texts.ts'

// Section 4: what comes back.

export const REPLIES: readonly Check[] = [
  shape(),
  check('R1', 'good and bad that come at once are answered one by one, in their order', {
    turns: [
      ['PING\nId: 1', 'OK PONG; Id: 1'],
      [`${NO_COMMAND}\nId: 2`, soft('UNKNOWN_COMMAND', 'Id: 2')],
      ['HELP\nId: 3', 'OK HELP; Id: 3'],
      ['PING 1\nId: 4', soft('TOO_MANY_ARGUMENTS', 'Id: 4')],
      ['HELP PING\nId: 5', 'OK HELP; Id: 5'],
    ],
    atOnce: true,
  }),
  say(
    'R2',
    'an Id comes back as the last header, wherever it stood',
    [`${HELLO[0]}\nId: a.B_c:9-`, `${HELLO[1]}; Id: a.B_c:9-`],
    ['PING\nId: above\nno colon', soft('PARSE', 'Id: above')],
    ['PING\nno colon\nId: below', soft('PARSE', 'Id: below')],
    [`${pingWith(MAX_HEADERS + 1)}\nId: late`, soft('TOO_MANY_HEADERS', 'Id: late')],
    ['HELLO\nId: state', soft('WRONG_STATE', 'Id: state')],
    ['PING\nNote: 1\nId: dup\nNote: 2', soft('DUPLICATE_HEADER', 'Id: dup')],
  ),
  check(
    'R2',
    'no Id comes back with an error of framing',
    { turns: [['PING\nId: 1\nNote: \0', fatal('PARSE', 'no Id')]] },
    { turns: [['PING\nId: 1\nNote: \xff', fatal('INVALID_UTF8', 'no Id')]] },
  ),
  say(
    'R2',
    'an Id has 1..64 characters of its own, else it is BAD_ARGUMENT',
    [`PING\nId: ${'i'.repeat(MAX_ID_BYTES)}`, `OK PONG; Id: ${'i'.repeat(MAX_ID_BYTES)}`],
    ...[` ${'i'.repeat(MAX_ID_BYTES + 1)}`, ' two words', '', ' !', utf8(' é')].map(
      (id): Turn => [`PING\nId:${id}`, soft('BAD_ARGUMENT', 'Param: Id', 'no Id')],
    ),
  ),
  keepsSending,
  say('R3', 'a fatal error has a hint that nothing behind it was run', ['PING\0', fatal('PARSE', 'Hint')]),
  check(
    'R3',
    'QUIT and EXIT say BYE, then FIN',
    { turns: [HELLO, ['QUIT\nId: 1', 'OK BYE; Id: 1']] },
    { turns: [['exit', 'OK BYE']] },
  ),
  check(
    'R3',
    'nothing runs that stands behind a fatal error or QUIT',
    { turns: [['PING\0', fatal('PARSE')]], atOnce: true },
    { turns: [['PING\nNote: \xff', fatal('INVALID_UTF8')]], atOnce: true },
    { turns: [['QUIT', 'OK BYE']], atOnce: true },
  ),
  say(
    'R5',
    'an error names the parameter, or what is near',
    ['HELLO\nVersion: one', soft('BAD_ARGUMENT', 'Param: Version')],
    ['PIGN', soft('UNKNOWN_COMMAND', 'Hint: *PING*')],
    ['HELP PIGN', soft('BAD_ARGUMENT', 'Param: Command', 'Hint: *PING*')],
  ),
  say(
    'R7',
    'of several mistakes the first in the order is told',
    HELLO,
    ['PING\nNote: 1\nNote: 2\nno colon\n9: x', soft('PARSE', 'At: line 4')],
    [`${pingWith(MAX_HEADERS + 1)}\nX-0: again`, soft('TOO_MANY_HEADERS')],
    [`${NO_COMMAND}\nNote: 1\nNote: 2`, soft('DUPLICATE_HEADER')],
    [`${NO_COMMAND}\nId: !`, soft('UNKNOWN_COMMAND')],
    ['HELLO\nId: !', soft('WRONG_STATE')],
    ['PING 1\nId: !\nColour: red', soft('BAD_ARGUMENT', 'Param: Id')],
    ['PING 1\nColour: red', soft('UNKNOWN_HEADER')],
    ['HELP 1 2', soft('TOO_MANY_ARGUMENTS')],
    ['PING\nno colon\nNote: \xff', fatal('INVALID_UTF8')],
  ),
]

/** A check of the form of replies, whatever they say. */
function shape(): Check {
  const turns: readonly Turn[] = [HELLO, ['PING', 'OK'], ['HELP', 'OK'], ['PING 1', 'ERR'], ['PING\nno colon', 'ERR']]
  const ok = /^OK \S[^\r\n]*\r\n([A-Za-z][\w-]{0,63}:[^\r\n]*\r\n)*\r\n/
  const err = /^ERR [A-Z][A-Z0-9_]*\r\nReason: [^\r\n]+\r\nFatal: (yes|no)\r\n([A-Za-z][\w-]{0,63}:[^\r\n]*\r\n)*\r\n/
  return {
    clause: 'section 4',
    name: 'replies are OK, or ERR with Reason and Fatal, and end their lines with CR LF',
    run: async (target) => {
      // Whatever the lines of the client end with (F2).
      const { received, end } = await exchange(target, { turns, lineEnds: ['\n'] })
      let rest = received
      for (let count = 0; ; count++) {
        const [reply] = ok.exec(rest) ?? err.exec(rest) ?? []
        if (reply === undefined) {
          // One behind the greeting is all that a server says which refuses the LF.
          if (rest === '' && count > 1) return undefined
          const came = rest === '' ? describeEnd(end, target) : rest
          return { sent: 'HELLO, PING, HELP and mistakes', wanted: 'OK or ERR', came }
        }
        rest = rest.slice(reply.length)
      }
    },
  }
}
