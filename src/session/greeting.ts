import { format } from '../wire/format.ts'
import { MAX_MESSAGE_BYTES, PROTOCOL_VERSION } from '../wire/limits.ts'
import type { Wire } from '../wire/wire.ts'

/** What opens a session, unasked (section 1): a message, but on a wire where the client speaks first, nothing. */
export function greeting(server: string, auth: 'token' | 'none', wire: Wire): Uint8Array {
  if (!wire.greets) return new Uint8Array(0)
  const message = format({
    command: 'OK',
    arguments: ['READY'],
    headers: [
      ['Server', server],
      ['Protocol', String(PROTOCOL_VERSION)],
      ['Auth', auth],
      ['Max-Message', String(MAX_MESSAGE_BYTES)],
      ['Hint', `end each message with ${wire.boundary}; try HELP`],
    ],
  })
  return wire.encode(message)
}
