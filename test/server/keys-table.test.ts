import { describe, expect, it } from 'vitest'
import { Keys } from '../../src/server/keys.ts'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'

const KEPT_MS = 600_000

describe('the table of Keys', () => {
  const DONE = { op: 1 }

  function table() {
    const clock = new FakeClock()
    const keys = new Keys(clock)
    const run = (owner: string, key: string) => keys.settle(owner, key, keys.keep(owner, key, 'content', 1), DONE)
    return { clock, keys, run }
  }

  it('is bounded', () => {
    const { keys, run } = table()
    const many = 20_000
    for (let index = 0; index < many; index++) run('alice', `k${index}`)
    const kept = Array.from({ length: many }, (_, index) => keys.find('alice', `k${index}`)).filter(Boolean)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThanOrEqual(10_000)
    expect(keys.find('alice', `k${many - 1}`)?.result).toBe(DONE)
  })

  it('keeps what is of one from being pushed out by another', () => {
    const { keys, run } = table()
    run('alice', 'a')
    for (let index = 0; index < 20_000; index++) run('eve', `k${index}`)
    expect(keys.find('alice', 'a')?.result).toBe(DONE)
  })

  it('keeps what runs until it has its answer, however many come behind it', () => {
    const { keys, run } = table()
    keys.keep('alice', 'running', 'content', 1)
    for (let index = 0; index < 20_000; index++) run('alice', `k${index}`)
    expect(keys.find('alice', 'running')).toBeDefined()
  })

  it('lets go of a command that was not run, but not of a later one with its Key', () => {
    const { keys, clock } = table()
    const early = keys.keep('alice', 'a', 'content', 1)
    clock.advance(KEPT_MS)
    const late = keys.keep('alice', 'a', 'content', 1)
    keys.settle('alice', 'a', early, new Failure('TIMEOUT'))
    expect(keys.find('alice', 'a')).toBe(late)
    keys.settle('alice', 'a', late, new Failure('TIMEOUT'))
    expect(keys.find('alice', 'a')).toBeUndefined()
  })

  it('does not take the Key of one for that of another', () => {
    const { keys, run } = table()
    run('', 'b')
    run('a', 'b')
    expect(keys.find('ab', '')).toBeUndefined()
    expect(keys.find('b', '')).toBeUndefined()
  })
})
