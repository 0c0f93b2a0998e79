import type { Check } from './check.ts'
import { check, END, HELLO, LEFT, PONG, pings, say } from './dialogue.ts'
import { fatal, soft } from './reply.ts'

// Section 2: the end of the input, and strangers whom the server leaves.

/** So many are pipelined in front of a FIN. */
const BEFORE_FIN = 200

export const ENDS: readonly Check[] = [
  check('F7', 'a client that ends its half gets every reply, then FIN', {
    turns: [HELLO, ...pings(BEFORE_FIN)],
    atOnce: true,
    fin: true,
  }),
  check(
    'F7',
    'a message that ends too soon is INCOMPLETE, fatal, and never run',
    ...['PING', 'PING\n', 'PING\nId: 1', 'PING\nId: 1\n'].map((rest) => ({
      turns: [PONG],
      rest: [rest, fatal('INCOMPLETE', 'no Id', 'Hint: *empty line*')] as const,
      fin: true as const,
    })),
  ),
  check('F7', 'empty lines at the end are no message', { turns: [PONG], rest: ['\n\n\n', END], fin: true }),
  check(
    'F8',
    'HTTP is left without a word, behind the replies that are due',
    ...['GET / HTTP/1.1\nHost: x', 'POST /fly HTTP/1.0\nA: b', 'OPTIONS * HTTP/1.1\nno colon'].map((request) => ({
      turns: [PONG, [request, LEFT] as const],
    })),
  ),
  check(
    'F8',
    'nothing runs that stands behind HTTP',
    ...['GET / HTTP/1.1\nHost: x', 'POST /fly HTTP/1.0\nContent-Length: 10'].map((request) => ({
      turns: [HELLO, [request, LEFT] as const],
      atOnce: true as const,
    })),
  ),
  check(
    'F8',
    'MOVE of a path or a URL is HTTP',
    { turns: [HELLO, ['MOVE /a HTTP/1.1\nHost: x', LEFT]] },
    { turns: [HELLO, ['MOVE http://x/a HTTP/1.1', LEFT]] },
  ),
  say('F8', 'a command of ours is no HTTP', ['PING / HTTP/1.1', soft('TOO_MANY_ARGUMENTS')]),
  check(
    'F8',
    'TLS is left without a word, at its first byte',
    { turns: [['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', LEFT]] },
    { turns: [], rest: ['\x16', LEFT] },
  ),
]
