import type { CommandTable } from '../commands/table.ts'
import { CR, LF } from '../wire/characters.ts'
import type { Message } from '../wire/message.ts'

/** A protocol that is not ours, and of which nothing may run (F8). */
export type Stranger = 'HTTP' | 'TLS'

/** The first byte of a TLS handshake. */
export const TLS_HANDSHAKE = 0x16

const CAPITAL_H = 0x48

/**
 * Whether the message that starts at `start` is a request of HTTP: its first line is exactly three words, the last of
 * them `HTTP/` and a digit, the first no command, or MOVE (a WebDAV method) of what looks like a path or a URL (F8).
 */
export function isHttp(message: Message, start: number, parsed: boolean, table: CommandTable): boolean {
  // What a well-formed message needs to be one is cheaply seen to be missing.
  if (parsed && (message.argumentCount !== 2 || message.bytes[message.argumentStart(1)] !== CAPITAL_H)) return false
  const line = message.bytes.subarray(start, message.bytes.indexOf(LF, start))
  const text = String.fromCharCode(...(line.at(-1) === CR ? line.subarray(0, -1) : line))
  const words = text.split(' ').filter((word) => word !== '')
  const [method = '', target = '', version = ''] = words
  if (words.length !== 3 || !/^HTTP\/\d/.test(version)) return false
  const command = table.get(method)
  if (command === undefined) return true
  return command.spec.name === 'MOVE' && (target.startsWith('/') || target.includes('://'))
}
