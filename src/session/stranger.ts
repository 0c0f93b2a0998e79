import type { CommandTable } from '../commands/table.ts'
import { CR, LF } from '../wire/characters.ts'
import type { Message } from '../wire/message.ts'

const CAPITAL_H = 0x48

/**
 * Whether a message is a request of HTTP: its first line is exactly three words, the last of
 * them `HTTP/` and a digit, the first no command, or MOVE (a WebDAV method) of what looks like a path or a URL (F8).
 */
export function isHttp(message: Message, parsed: boolean, table: CommandTable): boolean {
  // What a well-formed message needs to be one is cheaply seen to be missing.
  if (parsed && (message.argumentCount !== 2 || message.bytes[message.argumentStart(1)] !== CAPITAL_H)) return false
  const line = message.bytes.subarray(message.commandStart, message.bytes.indexOf(LF, message.commandStart))
  const text = String.fromCharCode(...(line.at(-1) === CR ? line.subarray(0, -1) : line))
  const words = text.split(' ').filter((word) => word !== '')
  const [method = '', target = '', version = ''] = words
  if (words.length !== 3 || !/^HTTP\/\d/.test(version)) return false
  const command = table.get(method)
  if (command === undefined) return true
  return command.spec.name === 'MOVE' && (target.startsWith('/') || target.includes('://'))
}
