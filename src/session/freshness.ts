import type { Conditions } from '../commands/conditions.ts'
import { Failure } from '../wire/failure.ts'

/** When a command came, and by which clock its sender tells when it was sent. */
export interface Timing {
  readonly receivedMs: number
  /** When the reply to HELLO was given. */
  readonly greetedMs: number
  readonly nowMs: number
}

/** Why a command is too old to be run, if it is. A `ttlMs` of 0 is none. */
export function tooOld(
  { sent, ttl }: Conditions,
  motionTtlMs: number,
  { receivedMs, greetedMs, nowMs }: Timing,
): Failure | undefined {
  const ttlMs = ttl ?? motionTtlMs
  if (ttlMs === 0) return undefined
  // By the sender's clock so much of the session had passed; what has passed here since then is its age.
  const sentMs = sent === undefined ? receivedMs : Math.min(greetedMs + sent, receivedMs)
  const ageMs = nowMs - sentMs
  if (ageMs <= ttlMs) return undefined
  return new Failure('EXPIRED', {
    reason: `The command was ${Math.round(ageMs)} ms old when its turn came, and may be ${ttlMs}`,
    hint: 'see where the drone is before sending it again',
  })
}
