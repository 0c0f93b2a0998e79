import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import type { Ending, Watcher } from './operations.ts'

export interface Patience {
  readonly clock: Clock
  /** Aborted when nobody can be answered any more. */
  readonly signal: AbortSignal
  /** For ever, if left out. */
  readonly timeoutMs?: number | undefined
}

/** Waits for an end that is watched for, as long as one has patience; then leaves nothing behind. */
export function awaitEnding(
  watch: (watcher: Watcher) => () => void,
  { clock, signal, timeoutMs }: Patience,
): Promise<Ending> {
  return new Promise((resolve) => {
    const end = (ending: Ending) => {
      callOffWatch()
      callOffTimer()
      signal.removeEventListener('abort', abort)
      resolve(ending)
    }
    const abort = () => end(new Failure('CONNECTION_CLOSED'))
    const callOffWatch = watch(end)
    const callOffTimer =
      timeoutMs === undefined
        ? () => {}
        : clock.after(timeoutMs, () =>
            end(new Failure('TIMEOUT', { reason: `The drone did not arrive within ${timeoutMs} ms` })),
          )
    signal.addEventListener('abort', abort)
    // What was accepted late may be waited for later still.
    if (signal.aborted) abort()
  })
}
