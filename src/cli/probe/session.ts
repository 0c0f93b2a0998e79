import { header } from '../../client/wire-reply.ts'
import type { Check } from './check.ts'
import { Connection } from './connection.ts'
import { check, converse, describeEnd, HELLO, listedBy, PONG, say, type Turn } from './dialogue.ts'
import { fatal, matches, readReplies, showReply, soft } from './reply.ts'
import { NO_COMMAND } from './texts.ts'

// Sections 1, 4, 5 and 6: how a session begins, what its state allows, and what the commands take.

/** A session ends with this many mistakes in a row. */
const MAX_MISTAKES = 10
const MISTAKE: Turn = [NO_COMMAND, soft('UNKNOWN_COMMAND')]
const LAST_MISTAKE: Turn = [`${NO_COMMAND}\nId: last`, fatal('TOO_MANY_ERRORS', 'Cause: UNKNOWN_COMMAND', 'Id: last')]
const MISTAKES: readonly Turn[] = Array.from({ length: MAX_MISTAKES - 1 }, () => MISTAKE)

/** What HELLO answers to a version. It never begins a session, and nothing else is run to try numbers out. */
const version = (number: string, code: string): Turn => [`HELLO\nVersion: ${number}`, soft(code, 'Param: Version')]

const GREETING = 'OK READY; Server; Protocol: 1; Auth; Max-Message: 8192'

export const greeting: Check = {
  clause: 'section 1',
  name: 'the server speaks first, and says what it is',
  run: async (target) => {
    const connection = await Connection.open(target)
    await connection.until(() => readReplies(connection.received).length > 0, target.timeoutMs)
    connection.destroy()
    const [reply] = readReplies(connection.received)
    if (reply !== undefined && matches(GREETING, reply) && /^(token|none)$/.test(header(reply, 'Auth') ?? ''))
      return undefined
    const came = reply === undefined ? describeEnd(connection.end, target) : showReply(reply)
    return { sent: '(nothing)', wanted: GREETING, came }
  },
}

export const SESSION: readonly Check[] = [
  {
    clause: 'section 5',
    name: 'before HELLO another command is EXPECTED_HANDSHAKE',
    run: async (target) => {
      const others = (await listedBy(target)).filter((key) => !ALWAYS.includes(key.toUpperCase()))
      const [command] = others.includes('STATUS') ? ['STATUS'] : others
      // A server whose commands may all be said at once has none to refuse.
      if (command === undefined) return undefined
      return converse(target, { turns: [PONG, [command, soft('EXPECTED_HANDSHAKE')], ['HELP', 'OK HELP'], HELLO] })
    },
  },
  say('section 5', 'a second HELLO is WRONG_STATE', HELLO, ['HELLO', soft('WRONG_STATE')], PONG),
  say('section 4', 'a command that there is not is UNKNOWN_COMMAND, in every state', MISTAKE, HELLO, MISTAKE, [
    'PINGG 1',
    soft('UNKNOWN_COMMAND'),
  ]),
  check(
    'section 4',
    `${MAX_MISTAKES} mistakes in a row are TOO_MANY_ERRORS, fatal`,
    { turns: [HELLO, ...MISTAKES, PONG, ...MISTAKES, LAST_MISTAKE] },
    { turns: [...MISTAKES.flatMap((mistake) => [mistake, PONG]), LAST_MISTAKE] },
  ),
  say(
    'section 6',
    'a parameter is a header or an argument, but not both',
    ['HELP PING', 'OK HELP'],
    ['HELP\nCommand: ping', 'OK HELP'],
    ['HELP PING\nCommand: PING', soft('BAD_ARGUMENT', 'Param: Command')],
    ['PING 1', soft('TOO_MANY_ARGUMENTS')],
  ),
  say(
    'section 6',
    'an integer of another form is BAD_ARGUMENT',
    ...['+5', '007', '1e3', '-0', '0x1', '1.0', '', 'one', '1_0'].map((number) => version(number, 'BAD_ARGUMENT')),
  ),
  say(
    'section 6',
    'an integer out of its range is OUT_OF_RANGE, however many digits it has',
    ...['2147483648', '-2147483649', '9'.repeat(400)].map((number) => version(number, 'OUT_OF_RANGE')),
  ),
  say(
    'section 4',
    'another version is VERSION_UNSUPPORTED',
    ['HELLO\nVersion: 2', soft('VERSION_UNSUPPORTED', 'Supported: 1')],
    [`${HELLO[0]}\nVersion: 1`, HELLO[1]],
  ),
]

/** What may be said in every state, and what HELP says beside commands. */
const ALWAYS = ['HELLO', 'PING', 'HELP', 'QUIT', 'ID', 'SUMMARY', 'EXAMPLE', 'USAGE']
