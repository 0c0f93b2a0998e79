import type { SessionState } from '../commands/command.ts'
import type { Code } from '../wire/codes.ts'

/** What a state answers to a command that it does not allow, and the commands whose success leads on from it. */
interface StateRow {
  readonly refusal: Code
  readonly after: Readonly<Record<string, SessionState>>
  /** Where a fatal error, the end of the input and the end of the server lead. */
  readonly end: SessionState
}

/** The states of a session and their transitions: all of them (section 5). */
export const STATES = {
  Handshake: {
    refusal: 'EXPECTED_HANDSHAKE',
    after: { HELLO: 'Authenticated', QUIT: 'Closing' },
    end: 'Closing',
  },
  Authenticated: {
    refusal: 'WRONG_STATE',
    after: { QUIT: 'Closing' },
    end: 'Closing',
  },
  Closing: {
    refusal: 'CONNECTION_CLOSED',
    after: {},
    end: 'Closing',
  },
} as const satisfies Record<SessionState, StateRow>

/** The state after a command that was answered OK. */
export const stateAfter = (state: SessionState, command: string): SessionState =>
  (STATES[state] as StateRow).after[command] ?? state

/** The commands that lead on from a state. */
export const LEADING: ReadonlySet<string> = new Set(Object.values(STATES).flatMap(({ after }) => Object.keys(after)))
