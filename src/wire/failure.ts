import type { Code } from './codes.ts'

/** What an `ERR` reply says beside its code (R5). No string here holds a CR, LF or NUL. */
export interface FailureParts {
  /** In place of the sentence of the code. */
  readonly reason?: string
  /** What the client sent, quoted. Left out of the reply and of the log until HELLO has succeeded (R4). */
  readonly found?: string | undefined
  /** The line of the message, counted from 1. */
  readonly line?: number
  /** The parameter at fault. */
  readonly param?: string
  /** What to do instead. */
  readonly hint?: string | undefined
  /** Further headers, by name. */
  readonly details?: Readonly<Record<string, string>>
  /** Whether it ends the session; where absent, as the table of codes says. */
  readonly fatal?: boolean
  /** What has run all the same of what followed, where the failure is fatal. */
  readonly ranAhead?: string | undefined
}

/** Why a message, or a whole session, is refused. A value like any other: it is returned, never thrown. */
export class Failure {
  readonly code: Code
  readonly parts: FailureParts

  constructor(code: Code, parts: FailureParts = {}) {
    this.code = code
    this.parts = parts
  }
}
