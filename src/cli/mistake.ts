import type { SessionState } from '../commands/command.ts'
import { Intake } from '../session/intake.ts'
import { stateAfter } from '../session/states.ts'
import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import { Message } from '../wire/message.ts'
import { parse } from '../wire/parse.ts'
import { table } from './table.ts'

const intake = new Intake(table)

/** What a server would find wrong with the bytes of a message: in a state of the session, or whatever that is. */
export function mistakeIn(bytes: Uint8Array, state?: SessionState): Failure | undefined {
  if (bytes.length > MAX_MESSAGE_BYTES) return new Failure('MESSAGE_TOO_BIG')
  const message = new Message()
  const fault = parse(bytes, 0, bytes.length, message)
  const found = fault === undefined ? intake.admit(message, state) : intake.explain(fault, message)
  return found instanceof Failure ? found : undefined
}

/** The state in which a message without a mistake leaves the session. */
export function stateBehind(bytes: Uint8Array, state: SessionState): SessionState {
  const message = new Message()
  parse(bytes, 0, bytes.length, message)
  return stateAfter(state, table.find(message)?.spec.name ?? '')
}

/**
 * A mistake in a line: what is wrong, what was found, and what to do instead. Before HELLO has succeeded what was found
 * may be a token (R4).
 */
export function describeMistake({ code, parts }: Failure, state?: SessionState): string {
  const { reason = CODES[code].sentence, hint } = parts
  const found = state === 'Handshake' ? undefined : parts.found
  return [found === undefined ? reason : `${reason}, got ${found}`, ...(hint === undefined ? [] : [hint])].join('; ')
}
