import type { Clock } from '../time/clock.ts'
import type { Aborts } from './aborts.ts'
import { abortedBy, badArgument, noReplyInTime, type RequestError } from './error.ts'
import type { WaitOptions } from './outstanding.ts'

/** Throws BAD_ARGUMENT where a time to wait, in milliseconds, is none: what is below zero is not for ever. */
export function checkTimeout(timeoutMs = 0): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return
  throw badArgument(`timeoutMs is to be a number from 0, which is for ever, got ${timeoutMs}`)
}

/** Waits for something that is no reply: rejects with TIMEOUT or ABORTED where that takes too long. */
export function patiently<T>(
  what: Promise<T>,
  { timeoutMs = 0, signal }: WaitOptions,
  clock: Clock,
  aborts: Aborts,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(abortedBy(signal, false))
    const end = (settle: () => void) => {
      callOffTimer()
      callOffAbort()
      settle()
    }
    const giveUp = (error: RequestError) => end(() => reject(error))
    const callOffTimer = timeoutMs > 0 ? clock.after(timeoutMs, () => giveUp(noReplyInTime())) : () => {}
    const callOffAbort = signal === undefined ? () => {} : aborts.on(signal, () => giveUp(abortedBy(signal, false)))
    what.then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    )
  })
}

/** What is left of one's patience, so much later, in milliseconds. */
export const remaining = ({ timeoutMs = 0, signal }: WaitOptions, spentMs: number): WaitOptions => ({
  timeoutMs: timeoutMs > 0 ? Math.max(1, timeoutMs - spentMs) : 0,
  signal,
})
