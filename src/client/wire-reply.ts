import type { Message } from '../wire/message.ts'

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
export function header({ headers }: Pick<WireReply, 'headers'>, name: string): string | undefined {
  const wanted = name.toUpperCase()
  return headers.find(([key]) => key.toUpperCase() === wanted)?.[1]
}

/** The headers without the Id, which only says what is answered. */
export const headersButId = ({ headers }: WireReply): WireReply['headers'] =>
  headers.filter(([key]) => key.toUpperCase() !== 'ID')
