import type { SessionState } from '../commands/command.ts'
import { CODES, type CodeRow } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'

/** The mistake of this number in a row is the last (section 4: TOO_MANY_ERRORS). */
export const MAX_MISTAKES_IN_A_ROW = 10

/** Keeps count of what went wrong in a session, and so decides what a failure comes to. */
export class Mistakes {
  #inARow = 0
  /** How often each code came that is fatal only at a certain number (AUTH_FAILED). */
  #occurrences: Map<string, number> | undefined

  /** A command was answered OK. Before HELLO has succeeded that mends nothing: the mistakes add up. */
  succeeded(state: SessionState): void {
    if (state !== 'Handshake') this.#inARow = 0
  }

  /** The failure as it is to be told: whether it is fatal decided, and a stranger's values left out (R4). */
  judge({ code, parts }: Failure, state: SessionState): Failure {
    const { counted, fatal, sentence }: CodeRow = CODES[code]
    const told = state === 'Handshake' ? { ...parts, found: undefined } : parts
    if (!counted) {
      const isFatal = typeof fatal === 'number' ? this.#count(code) >= fatal : fatal
      return new Failure(code, { ...told, fatal: parts.fatal ?? isFatal })
    }
    if (++this.#inARow < MAX_MISTAKES_IN_A_ROW)
      return new Failure(code, { ...told, fatal: parts.fatal ?? fatal === true })
    return new Failure('TOO_MANY_ERRORS', {
      ...told,
      fatal: true,
      reason: `${MAX_MISTAKES_IN_A_ROW} mistakes in a row, the last of them: ${parts.reason ?? sentence}`,
      details: { ...parts.details, Cause: code },
    })
  }

  #count(code: string): number {
    this.#occurrences ??= new Map()
    const count = (this.#occurrences.get(code) ?? 0) + 1
    this.#occurrences.set(code, count)
    return count
  }
}
