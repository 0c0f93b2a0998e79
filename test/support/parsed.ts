import type { Failure } from '../../src/wire/failure.ts'
import { Message } from '../../src/wire/message.ts'
import { parse } from '../../src/wire/parse.ts'

/** What stands around a message in the buffer that it came in. */
const BEFORE = 'PING\r\nId: before\r\n\r\n'
const AFTER = 'PING\r\nId: after\r\n\r\n'

/** One message parsed, given without its empty line and with `\n` at the ends of its lines, out of the midst of others. */
export function parsed(text: string): { readonly message: Message; readonly fault: Failure | undefined } {
  const own = Buffer.from(`${text}\n\n`.replaceAll('\n', '\r\n'))
  const message = new Message()
  const bytes = Buffer.concat([Buffer.from(BEFORE), own, Buffer.from(AFTER)])
  return { message, fault: parse(bytes, BEFORE.length, BEFORE.length + own.length, message) }
}
