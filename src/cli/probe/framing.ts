import { MAX_MESSAGE_BYTES } from '../../wire/limits.ts'
import type { Check } from './check.ts'
import { cutBeforeLineEnds, cutEvery, cutInsideLineEnds } from './cuttings.ts'
import {
  check,
  converse,
  type Dialogue,
  describeEnd,
  exchange,
  HELLO,
  isReply,
  PONG,
  pings,
  say,
  type Turn,
} from './dialogue.ts'
import { fatal, showReply, soft } from './reply.ts'
import { NO_COMMAND, pingOf, utf8 } from './texts.ts'

// Section 2: where a message ends.

const PIPELINED = 2000
const PIECE_BYTES = 1000

const TOO_BIG = fatal('MESSAGE_TOO_BIG', 'no Id')

/** Something of all that there is to be cut. */
const DIALOGUE: readonly Turn[] = [
  ['PING\nId: first', 'OK PONG; Id: first'],
  HELLO,
  [`\n\n${NO_COMMAND}\nId: 2`, soft('UNKNOWN_COMMAND', 'Id: 2')],
  ['PING\nno colon', soft('PARSE')],
  [utf8('HELP PING\nNote: grüße, 🚁'), 'OK HELP'],
  ['\nPING\nX-A: 1\nX-B: 2', 'OK PONG'],
]

export const FRAMING: readonly Check[] = [
  say('F2', 'CR LF ends a line', PONG, ['PING\nNote: x\nId: 1', 'OK PONG; Id: 1'], PONG),
  bareLf('a bare LF does, too, or is refused with BARE_LF', ['\n']),
  bareLf('CR LF and LF may be mixed, or LF is refused with BARE_LF', ['\r\n', '\n', '\n']),
  say('F3', 'a message of 8192 bytes is taken', [pingOf(MAX_MESSAGE_BYTES), 'OK PONG']),
  check('F3', 'a message of 8192 bytes is taken in pieces', {
    turns: [PONG, [pingOf(MAX_MESSAGE_BYTES), 'OK PONG']],
    cut: cutEvery(PIECE_BYTES),
  }),
  say('F3', 'a message of 8193 bytes is MESSAGE_TOO_BIG', PONG, [pingOf(MAX_MESSAGE_BYTES + 1), TOO_BIG]),
  check('F3', 'a message of 8193 bytes is MESSAGE_TOO_BIG in pieces', {
    turns: [[pingOf(MAX_MESSAGE_BYTES + 1), TOO_BIG]],
    cut: cutEvery(PIECE_BYTES),
  }),
  check('F3', 'byte 8193 is MESSAGE_TOO_BIG before any boundary', {
    turns: [],
    rest: [`PING ${'n'.repeat(MAX_MESSAGE_BYTES + 1 - 'PING '.length)}`, TOO_BIG],
  }),
  check('F3, R1', `${PIPELINED} pipelined messages are answered in their order`, {
    turns: pings(PIPELINED),
    atOnce: true,
  }),
  say(
    'F4',
    'empty lines between messages are skipped, and do not count',
    [`\n${PONG[0]}`, 'OK PONG'],
    ['\n\n\n\n\nPING\nId: 2', 'OK PONG; Id: 2'],
    [`${'\n'.repeat(MAX_MESSAGE_BYTES)}${PONG[0]}`, 'OK PONG'],
  ),
  sameWhen('byte by byte', cutEvery(1)),
  sameWhen('cut before each end of a line', cutBeforeLineEnds),
  sameWhen('cut at and inside each end of a line', cutInsideLineEnds),
]

/** A server may be told to take CR LF alone. */
function bareLf(name: string, lineEnds: readonly string[]): Check {
  const turns: readonly Turn[] = [['PING\nNote: x\nId: 1', 'OK PONG; Id: 1'], PONG]
  const refused: Turn = [turns.map(([message]) => message).join('\n\n'), fatal('BARE_LF', 'Hint: *nc -C*')]
  return {
    clause: 'F2',
    name,
    run: async (target) => {
      const finding = await converse(target, { turns, lineEnds })
      const isStrict = finding !== undefined && (await converse(target, { turns: [refused], lineEnds })) === undefined
      return isStrict ? undefined : finding
    },
  }
}

/** Only that the replies are the same counts here, not what they say. */
function sameWhen(how: string, cut: NonNullable<Dialogue['cut']>): Check {
  return {
    clause: 'F5',
    name: `a dialogue gets the same replies ${how}`,
    run: async (target) => {
      const [whole, pieces] = [
        await exchange(target, { turns: DIALOGUE, atOnce: true }),
        await exchange(target, { turns: DIALOGUE, cut }),
      ].map(({ replies, end }) => [...replies.slice(1).map(showReply), describeEnd(end, target)])
      for (const [index, [message]] of [...DIALOGUE, ['the last PING']].entries()) {
        const [wanted = '', came = ''] = [whole?.[index], pieces?.[index]]
        // Of what gets no reply in one piece, pieces tell nothing.
        if (!isReply(wanted)) return { sent: `${message} (in one piece)`, wanted: 'a reply', came: wanted }
        if (came !== wanted) return { sent: `${message} (${how})`, wanted, came }
      }
      return undefined
    },
  }
}
