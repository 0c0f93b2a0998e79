/** A source of time that tests can stand in for. */
export interface Clock {
  /** Milliseconds since some moment; monotonic, so that setting the wall clock moves nothing. */
  now(): number
  /** Calls back once, after `delayMs` or, where that is very long, earlier: who waits looks at the time again. */
  after(delayMs: number, callback: () => void): () => void
  /** From here until `goOn` it may stand still: what is done meanwhile is done at one moment. */
  stop?(): void
  goOn?(): void
}

/** The longest delay of a timer, in milliseconds: about 24 days. Node rings at once for a longer one. */
export const MAX_DELAY_MS = 2 ** 31 - 1

/** The monotonic clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(delayMs), 0), MAX_DELAY_MS))
    return () => clearTimeout(timer)
  },
}
