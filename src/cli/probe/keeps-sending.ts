import { setTimeout as pause } from 'node:timers/promises'
import type { Check } from './check.ts'
import { Connection } from './connection.ts'
import { describeEnd, END } from './dialogue.ts'
import { fatal, matches, readReplies, showReply } from './reply.ts'

const MESSAGE = 'PING\0\r\n\r\n'
/** What stands behind the message at once; a server that throws none of it away has plenty to reset for. */
const UNREAD = Buffer.from('PING\r\n\r\n'.repeat(100_000))
const MORE = Buffer.from('PING\r\n\r\n'.repeat(100))
const MORE_EVERY_MS = 1
/** How long a server is to read on after its end, in milliseconds; far less than the second that it may. */
const DISGUISE_MS = 20
const WANTED = fatal('PARSE')

/** To close on input that was not read is to reset the connection, and the last reply with it. */
export const keepsSending: Check = {
  clause: 'R3',
  name: 'a fatal error reaches a client that keeps sending, then FIN, and nothing more',
  run: async (target) => {
    const connection = await Connection.open(target)
    const since = performance.now()
    connection.write(Buffer.from(MESSAGE))
    connection.write(UNREAD)
    while (connection.end === 'open' && performance.now() - since < target.timeoutMs) {
      await pause(MORE_EVERY_MS)
      connection.write(MORE)
    }
    // Where the end was a reset in disguise, writing tells.
    connection.write(MORE)
    await pause(DISGUISE_MS)
    connection.destroy()
    const sent = `${MESSAGE}, and without end PING`
    const [, reply, surplus] = readReplies(connection.received)
    const end = describeEnd(connection.end, target)
    if (reply === undefined || !matches(WANTED, reply))
      return { sent, wanted: WANTED, came: reply === undefined ? end : showReply(reply) }
    const came = surplus === undefined ? end : showReply(surplus)
    return came === END ? undefined : { sent, wanted: `${WANTED}; then ${END}`, came }
  },
}
