import { PROTOCOL_VERSION } from '../wire/limits.ts'
import { requestError } from './error.ts'
import { header, type WireReply } from './wire-reply.ts'

/** Throws VERSION_UNSUPPORTED where the server greets in another version of the protocol. */
export function checkVersion(greeting: WireReply | undefined): void {
  if (greeting === undefined) return
  const spoken = header(greeting, 'Protocol')
  if (spoken === String(PROTOCOL_VERSION)) return
  const message = `The server speaks protocol ${spoken}, and this client ${PROTOCOL_VERSION}`
  throw requestError('VERSION_UNSUPPORTED', message, { retrySafe: true })
}
