import { CODES, type CodeRow } from '../wire/codes.ts'
import type { Message } from '../wire/message.ts'
import { type RequestError, requestError } from './error.ts'

/** A message of the server as it came: its kind, its first words and its headers. */
export interface WireReply {
  readonly kind: 'OK' | 'ERR' | 'EVENT'
  /** What stands behind the kind: `MOVING_TO(10, 20)`, a code, or the name of an event. */
  readonly summary: string
  readonly headers: readonly (readonly [key: string, value: string])[]
}

/** Reads a message of a server; undefined where it is none. */
export function readReply(message: Message): WireReply | undefined {
  const kind = message.text(message.commandStart, message.commandEnd).toUpperCase()
  if (kind !== 'OK' && kind !== 'ERR' && kind !== 'EVENT') return undefined
  return { kind, summary: message.firstLineRest, headers: message.plainHeaders() }
}

/** The value of a header, found without case. */
export function header({ headers }: WireReply, name: string): string | undefined {
  const wanted = name.toUpperCase()
  return headers.find(([key]) => key.toUpperCase() === wanted)?.[1]
}

const ROWS: ReadonlyMap<string, CodeRow> = new Map(Object.entries(CODES))

/** What an `ERR` reply says, as an error. */
export function errorOf(reply: WireReply): RequestError {
  const reason = header(reply, 'Reason') ?? 'no reason given'
  // A code that came to be after this client: nothing is known of it, so that nothing is promised.
  const retrySafe = ROWS.get(reply.summary)?.retrySafe ?? false
  return requestError(reply.summary, `${reply.summary}: ${reason}`, { reply, retrySafe })
}
