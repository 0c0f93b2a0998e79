import { randomUUID } from 'node:crypto'
import type { Check } from './check.ts'
import { converse, HELLO, listedBy, PONG, type Turn } from './dialogue.ts'
import { soft } from './reply.ts'

// What was added to skyline/1: events, operations, and the conditions that any command takes. Of a server that has them
// it is asked what answers without anything being moved, or stopped.

/** Who has none of this lists no such command. */
const MARK = 'SUBSCRIBE'

const added = (clause: string, name: string, turns: () => readonly Turn[]): Check => ({
  clause,
  name,
  run: async (target) => {
    const hasIt = (await listedBy(target)).some((key) => key.toUpperCase() === MARK)
    return hasIt ? converse(target, { turns: turns() }) : undefined
  },
})

export const ADDITIONS: readonly Check[] = [
  added('events', 'a topic can be subscribed to, at a rate that there is, and left', () => [
    HELLO,
    ['SUBSCRIBE LINK', 'OK SUBSCRIBED; Topic: LINK'],
    ['SUBSCRIBE\nTopic: TELEMETRY\nRate: 51', soft('OUT_OF_RANGE', 'Param: Rate')],
    ['SUBSCRIBE OPS 10', soft('BAD_ARGUMENT', 'Param: Rate')],
    ['SUBSCRIBE NOTHING', soft('BAD_ARGUMENT', 'Param: Topic')],
    ['UNSUBSCRIBE', 'OK UNSUBSCRIBED'],
  ]),
  added('operations', 'an operation that there never was is BAD_ARGUMENT', () => [
    HELLO,
    ['WAIT\nOp: 2147483647', soft('BAD_ARGUMENT', 'Param: Op')],
  ]),
  added('safety', 'a Ttl and a Lease have their limits', () => [
    [`${HELLO[0]}\nLease: 99`, soft('OUT_OF_RANGE', 'Param: Lease')],
    HELLO,
    ['PING\nTtl: 60000', 'OK PONG'],
    ['PING\nTtl: 0', soft('OUT_OF_RANGE', 'Param: Ttl')],
    ['PING\nTtl: 60001', soft('OUT_OF_RANGE', 'Param: Ttl')],
  ]),
  added('safety', 'a Key that has come before has its reply, and with something else it is KEY_CONFLICT', () => {
    const key = `Key: ${randomUUID()}`
    return [
      HELLO,
      [`PING\n${key}`, 'OK PONG'],
      [`PING\n${key}`, 'OK PONG; Replayed: yes'],
      [`HELP\n${key}`, soft('KEY_CONFLICT')],
      PONG,
    ]
  }),
  added('safety', 'a Dry-Run tells what would be answered, and does nothing', () => [
    HELLO,
    ['PING\nDry-Run: yes', 'OK CHECKED; Command: PING; Dry-Run: yes'],
    ['MOVE\nX: 1\nDry-Run: yes', soft('MISSING_ARGUMENT', 'Param: Y')],
    ['QUIT\nDry-Run: yes', 'OK CHECKED; Command: QUIT; Dry-Run: yes'],
    PONG,
  ]),
]
