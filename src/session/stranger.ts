import { Buffer } from 'node:buffer'
import type { CommandTable } from '../commands/table.ts'
import { CR, LF, SPACE } from '../wire/characters.ts'
import type { Message } from '../wire/message.ts'

const CAPITAL_H = 0x48

/**
 * Whether a message is a request of HTTP: its first line is exactly three words, the last of them `HTTP/` and a digit,
 * the first no command, or MOVE (a WebDAV method) of what looks like a path or a URL (F8).
 */
export const isHttp = (message: Message, parsed: boolean, table: CommandTable): boolean =>
  // What a well-formed message needs to be one is cheaply seen to be missing.
  (!parsed || (message.argumentCount === 2 && message.bytes[message.argumentStart(1)] === CAPITAL_H)) &&
  isRequest(message, table)

function isRequest(message: Message, table: CommandTable): boolean {
  const line = firstLine(message)
  // Nor does a message that is none need to be taken apart, which for a long line costs much.
  if (line[line.lastIndexOf(SPACE) + 1] !== CAPITAL_H) return false
  const words = Buffer.from(line)
    .toString('latin1')
    .split(' ')
    .filter((word) => word !== '')
  const [method = '', target = '', version = ''] = words
  if (words.length !== 3 || !/^HTTP\/\d/.test(version)) return false
  const command = table.get(method)
  if (command === undefined) return true
  return command.spec.name === 'MOVE' && (target.startsWith('/') || target.includes('://'))
}

/** The first line, without its end and what spaces stand before that. */
function firstLine({ bytes, commandStart }: Message): Uint8Array {
  let end = bytes.indexOf(LF, commandStart)
  if (bytes[end - 1] === CR) end--
  while (end > commandStart && bytes[end - 1] === SPACE) end--
  return bytes.subarray(commandStart, Math.max(end, commandStart))
}
