import type { HandlerResult } from '../commands/define.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import type { Clock } from '../time/clock.ts'
import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'

/** So long a Key is kept, in milliseconds. */
const KEPT_MS = 600_000
/** So many are kept of each owner at the most: of more, the oldest are forgotten. */
const MAX_KEYS = 10_000

/** A command that had a Key, and what came of it. */
export interface Kept {
  readonly content: string
  /** The session that it was sent in. */
  readonly session: number
  readonly untilMs: number
  /** Undefined while it has no answer. */
  result: HandlerResult | undefined
  /** Others that wait for the answer. */
  readonly waiting: ((result: HandlerResult) => void)[]
}

/** What a command asks for, so that the same can be told from other. */
export const contentOf = ({ spec }: PreparedCommand, params: DecodedParams): string =>
  JSON.stringify([spec.name, Object.entries(params).filter(([, value]) => value !== undefined)])

/** The commands that are to run once, of all connections: by whose they are, and by Key. */
export class Keys {
  readonly #clock: Clock
  /** Of each owner in the order in which they came: nobody pushes out what is of another. */
  readonly #kept = new Map<string, Map<string, Kept>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  find(owner: string, key: string): Kept | undefined {
    const kept = this.#kept.get(owner)?.get(key)
    // What still runs is not to run beside itself, however long it takes.
    return kept?.result === undefined || kept.untilMs > this.#clock.now() ? kept : undefined
  }

  /** A command begins. */
  keep(owner: string, key: string, content: string, session: number): Kept {
    const nowMs = this.#clock.now()
    const kept: Kept = { content, session, untilMs: nowMs + KEPT_MS, result: undefined, waiting: [] }
    const own = this.#kept.get(owner) ?? new Map<string, Kept>()
    this.#kept.set(owner, own)
    own.delete(key)
    own.set(key, kept)
    for (const [oldKey, old] of own) {
      if (old.untilMs > nowMs && own.size <= MAX_KEYS) break
      if (old.result !== undefined) own.delete(oldKey)
    }
    return kept
  }

  /** It has its answer. One that was certainly not carried out may come again. */
  settle(owner: string, key: string, kept: Kept, result: HandlerResult): void {
    kept.result = result
    for (const tell of kept.waiting) tell(result)
    const own = this.#kept.get(owner)
    const mayComeAgain = result instanceof Failure && CODES[result.code].retrySafe
    if (mayComeAgain && own?.get(key) === kept) own.delete(key)
  }
}

export const keyConflict = (): Failure =>
  new Failure('KEY_CONFLICT', {
    reason: 'Another command has had this Key in the last 10 minutes',
    param: 'Key',
    hint: 'give each command a Key of its own, and the same only to send it again',
  })
