import type { HandlerResult } from '../commands/define.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import type { Asker } from '../drone/operations.ts'
import { Replayed } from '../session/replayed.ts'
import type { Failure } from '../wire/failure.ts'
import { contentOf, type Kept, keyConflict } from './keys.ts'
import type { Presence } from './presence.ts'
import type { RunnerOptions } from './runner-options.ts'

/** The commands of one session that have a Key, as far as that is of any matter to them. */
export class Keyed {
  readonly #options: RunnerOptions
  readonly #presence: Presence
  readonly #asker: Asker

  constructor(options: RunnerOptions, presence: Presence, asker: Asker) {
    this.#options = options
    this.#presence = presence
    this.#asker = asker
  }

  /** Whether a Key matters to a command. Before HELLO there is nobody whose it could be. */
  matters({ ofSession }: PreparedCommand): boolean {
    return !ofSession && this.#presence.isGreeted
  }

  /** What has come with a Key before; KEY_CONFLICT where that was something else. */
  find(command: PreparedCommand, params: DecodedParams, key: string): Kept | Failure | undefined {
    if (!this.matters(command)) return undefined
    const before = this.#options.keys.find(this.#owner, key)
    return before === undefined || before.content === contentOf(command, params) ? before : keyConflict()
  }

  /** One begins that has not come before. Returns how to say what it came to. */
  begin(command: PreparedCommand, params: DecodedParams, key: string): (result: HandlerResult) => void {
    const { keys } = this.#options
    const owner = this.#owner
    const kept = keys.keep(owner, key, contentOf(command, params), this.#asker.session)
    return (result) => keys.settle(owner, key, kept, result)
  }

  /** The answer to one that has come before; undefined while it has none, and then `answer` is called with it. */
  replay(kept: Kept, answer: (replayed: Replayed) => void): Replayed | undefined {
    if (kept.result !== undefined) return this.#replayed(kept, kept.result)
    kept.waiting.push((result) => answer(this.#replayed(kept, result)))
    return undefined
  }

  #replayed({ session }: Kept, result: HandlerResult): Replayed {
    this.#options.adopt(result, session, this.#asker)
    return new Replayed(result)
  }

  get #owner(): string {
    return this.#presence.identity ?? ''
  }
}
