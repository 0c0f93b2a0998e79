import type { Clock } from '../drone/clock.ts'

/** The longest delay of a timer, in milliseconds. Node rings at once for a longer one, so that it is cut to this. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** The monotonic clock of the machine. A delay over 24 days rings early: who waits looks at the time again. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(delayMs), 0), MAX_DELAY_MS))
    return () => clearTimeout(timer)
  },
}
