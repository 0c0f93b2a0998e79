import { hello } from '../commands/hello.ts'
import { PROTOCOL_VERSION } from '../wire/limits.ts'
import { encodeRequest } from './codec.ts'
import { requestError } from './error.ts'
import type { Link } from './link.ts'
import type { SessionOptions } from './options.ts'
import type { WaitOptions } from './outstanding.ts'
import { header, type WireReply } from './wire-reply.ts'

/** The first words of a server. */
const GREETING = 'READY'

/**
 * Waits for the greeting and says HELLO. Throws VERSION_UNSUPPORTED where the server speaks another version of the
 * protocol, and CONNECTION_CLOSED where what it says is no greeting, or no reply to HELLO.
 */
export async function greet(link: Link, options: SessionOptions, wait: WaitOptions): Promise<void> {
  const { token, client, lease, onClose, hello: saysHello = true } = options
  const greeting = await link.greeting
  if (greeting !== undefined) checkVersion(link, greeting)
  if (!saysHello) return
  const version = PROTOCOL_VERSION
  const { summary } = await link.request(encodeRequest(hello, { token, client, version, lease, onClose }), wait)
  if (summary !== hello.reply.summary) throw link.mistrust(`HELLO is answered OK ${JSON.stringify(summary)}`)
}

function checkVersion(link: Link, greeting: WireReply): void {
  if (greeting.summary !== GREETING) throw link.mistrust(`OK ${JSON.stringify(greeting.summary)} for a greeting`)
  const spoken = header(greeting, 'Protocol')
  if (spoken === String(PROTOCOL_VERSION)) return
  if (spoken === undefined) throw link.mistrust('a greeting that names no protocol')
  const message = `The server speaks protocol ${spoken}, and this client ${PROTOCOL_VERSION}`
  throw requestError('VERSION_UNSUPPORTED', message, { retrySafe: true })
}
