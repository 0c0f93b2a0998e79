import { format } from '../wire/format.ts'
import { MAX_MESSAGE_BYTES, PROTOCOL_VERSION } from '../wire/limits.ts'

/** The message that opens a session, unasked (section 1). */
export const greeting = (server: string, auth: 'token' | 'none'): Uint8Array =>
  format({
    command: 'OK',
    arguments: ['READY'],
    headers: [
      ['Server', server],
      ['Protocol', String(PROTOCOL_VERSION)],
      ['Auth', auth],
      ['Max-Message', String(MAX_MESSAGE_BYTES)],
      ['Hint', 'end each message with an empty line; try HELP'],
    ],
  })
