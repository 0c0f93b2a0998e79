import { describe, expect, it } from 'vitest'
import type { Conditions } from '../../src/commands/conditions.ts'
import { tooOld } from '../../src/session/freshness.ts'
import { Failure } from '../../src/wire/failure.ts'

const GREETED_MS = 1000
const RECEIVED_MS = 5000

const judge = (conditions: Conditions, ageMs: number, motionTtlMs = 0) =>
  tooOld(conditions, motionTtlMs, { greetedMs: GREETED_MS, receivedMs: RECEIVED_MS, nowMs: RECEIVED_MS + ageMs })

describe('the age of a command', () => {
  it.each<[what: string, conditions: Conditions, motionTtlMs: number, oldestMs: number]>([
    ['runs from its receipt', { ttl: 100 }, 0, 100],
    ['runs from when it was sent, by the clock that began with the reply to HELLO', { ttl: 100, sent: 3950 }, 0, 50],
    ['is not less where the sender says that it was sent later than it came', { ttl: 100, sent: 9_000_000 }, 0, 100],
    ['is bounded by the default of motion where it has no Ttl', {}, 70, 70],
    ['is bounded by that from when it was sent, too', { sent: 3990 }, 70, 60],
    ['is bounded by its own Ttl rather than by the default: less', { ttl: 10 }, 70, 10],
    ['is bounded by its own Ttl rather than by the default: more', { ttl: 100 }, 70, 100],
  ])('%s', (_, conditions, motionTtlMs, oldestMs) => {
    expect(judge(conditions, oldestMs, motionTtlMs)).toBeUndefined()
    expect(judge(conditions, oldestMs + 1, motionTtlMs)).toMatchObject({ code: 'EXPIRED' })
  })

  it('does not matter where nothing bounds it', () => {
    expect(judge({}, 1e9)).toBeUndefined()
    expect(judge({ sent: 0 }, 1e9)).toBeUndefined()
    expect(judge({ key: 'k', dryRun: 'no' }, 1e9)).toBeUndefined()
  })

  it('is told, with what it may be, and that it was not run', () => {
    const refusal = judge({ ttl: 100, sent: 0 }, 500) as Failure
    expect(refusal).toBeInstanceOf(Failure)
    expect(refusal.parts.reason).toMatch(/4500 ms old .* may be 100$/)
  })
})
