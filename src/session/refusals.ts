import type { SessionState } from '../commands/command.ts'
import { hint } from '../commands/hint.ts'
import type { CommandTable } from '../commands/table.ts'
import { isWordByte } from '../wire/characters.ts'
import { Failure } from '../wire/failure.ts'
import { ID_RULE, type Message } from '../wire/message.ts'
import { quote } from '../wire/quote.ts'
import type { DeadlineCode } from './deadlines.ts'
import { STATES } from './states.ts'

// Why a session does not run a message: the failures that are not the parser's, the decoder's or the handler's.

/** The input ended within a message (F7). */
export const incomplete = (boundary: string): Failure =>
  new Failure('INCOMPLETE', { hint: `end a message with ${boundary}` })

/** A deadline has passed (section 5). */
export function tooLate(code: DeadlineCode, boundary: string): Failure {
  const hints = {
    HANDSHAKE_TIMEOUT: 'say HELLO soon after connecting',
    MESSAGE_TIMEOUT: `end a message with ${boundary}`,
    IDLE_TIMEOUT: 'a PING now and then keeps a session',
  }
  return new Failure(code, { hint: hints[code] })
}

/** The server ends (R8). */
export const shuttingDown = (): Failure => new Failure('SHUTTING_DOWN', { hint: 'connect again later' })

/** A handler that took too long. */
export const unanswered = (command: string): Failure =>
  new Failure('INTERNAL', { reason: `${command} was not answered in time inside the server` })

/** A grammar fault, with the hint that takes knowing the commands: what a line without a colon was meant to be (G1). */
export function explain(fault: Failure, message: Message, table: CommandTable): Failure {
  const { bytes, strayLine } = message
  if (strayLine < 0) return fault
  let end = strayLine
  while (isWordByte(bytes[end] as number)) end++
  const word = String.fromCharCode(...bytes.subarray(strayLine, end))
  const hinted = (hint: string) => new Failure(fault.code, { ...fault.parts, hint })
  if (table.get(word) !== undefined) return hinted('an empty line ends each message')
  const isParameter = table.find(message)?.byKey.get(word) !== undefined
  return isParameter ? hinted('a colon stands between a key and its value') : fault
}

export function unknownCommand(message: Message, table: CommandTable): Failure {
  const { bytes, commandStart, commandEnd } = message
  const near = hint(message.text(commandStart, commandEnd), table.names)
  return new Failure('UNKNOWN_COMMAND', {
    reason: `There is no command ${quote(bytes, commandStart, commandEnd)}`,
    hint: near ?? 'HELP lists the commands',
  })
}

/** A command that the state does not allow (section 5). */
export function wrongState(command: string, state: SessionState): Failure {
  const code = STATES[state].refusal
  switch (state) {
    case 'Handshake':
      return new Failure(code, { reason: `${command} comes after HELLO`, hint: 'say HELLO first' })
    case 'Authenticated':
      return new Failure(code, { reason: `${command} is for the start of a session, and this one has begun` })
    case 'Closing':
      return new Failure(code)
    default:
      return state satisfies never
  }
}

export const badId = ({ bytes, idStart, idEnd }: Message): Failure =>
  new Failure('BAD_ARGUMENT', {
    reason: ID_RULE,
    found: quote(bytes, idStart, idEnd),
    param: 'Id',
  })
