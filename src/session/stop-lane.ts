import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'

/** When a message came. */
export interface Receipt {
  readonly ms: number
  /** How many commands of the stop lane had run by then, or in its own session before it. */
  stops: number
}

/**
 * What all sessions of a server have in common: a command of the stop lane, in whichever of them, cancels the motion
 * that had come by then and not run.
 */
export class StopLane {
  /** How many have run. */
  stops = 0

  /** A command of the stop lane was run; one with a mistake in it has stopped nothing. Returns how many more have run. */
  ran(result: unknown): number {
    // Also where the drone could not be told: what waits is not to run when it can be again.
    const count = result instanceof Failure && CODES[result.code].counted ? 0 : 1
    this.stops += count
    return count
  }
}

/** The answer to motion that was stopped before it began. */
export const stopped = (): Failure =>
  new Failure('CANCELLED', { reason: 'A command of the stop lane has come before its turn' })
