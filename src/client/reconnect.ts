/** How a client tries again after its connection was lost. */
export interface ReconnectOptions {
  /** The first delay, in milliseconds: 100, if left out; it doubles until a request has been answered. */
  readonly minDelayMs?: number
  /** The longest delay, in milliseconds: 10,000, if left out. */
  readonly maxDelayMs?: number
  /** From 0 to 1: `Math.random`, where it is left out. */
  readonly random?: () => number
}

const MIN_DELAY_MS = 100
const MAX_DELAY_MS = 10_000

/**
 * How long to wait before the attempt of this number, counted from 0: twice as long each time up to the cap, and of
 * that a random half left out, so that clients which lost the same server do not come back all at once.
 */
export function backOffMs(
  attempt: number,
  { minDelayMs = MIN_DELAY_MS, maxDelayMs = MAX_DELAY_MS, random = Math.random }: ReconnectOptions,
): number {
  const delayMs = Math.min(maxDelayMs, minDelayMs * 2 ** attempt)
  return delayMs * (1 - random() / 2)
}
