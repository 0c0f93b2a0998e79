/** A source of time that tests can stand in for. */
export interface Clock {
  /** Milliseconds since some moment; monotonic, so that setting the wall clock moves nothing. */
  now(): number
  /** Calls back once, not before `delayMs` from now. Returns how to call that off. */
  after(delayMs: number, callback: () => void): () => void
}
