import { describe, expect, it } from 'vitest'
import { awaitEnding } from '../../src/drone/awaiting.ts'
import type { Watcher } from '../../src/drone/operations.ts'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'

function prepare(timeoutMs?: number) {
  const clock = new FakeClock()
  const abort = new AbortController()
  const watchers = new Set<Watcher>()
  const watch = (watcher: Watcher) => {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }
  const begin = () => awaitEnding(watch, { clock, signal: abort.signal, timeoutMs })
  const end = () => {
    for (const watcher of watchers) watcher('ARRIVED')
  }
  const expectNothingLeft = () => expect([clock.timers, watchers.size]).toEqual([0, 0])
  return { clock, abort, begin, end, expectNothingLeft }
}

describe('who waits for an end', () => {
  it.each([undefined, 1000])('is told it when it comes, with a patience of %j ms', async (timeoutMs) => {
    const { begin, end, expectNothingLeft } = prepare(timeoutMs)
    const ending = begin()
    end()
    expect(await ending).toBe('ARRIVED')
    expectNothingLeft()
  })

  it('has its time run out, not before, and is told how long that was', async () => {
    const { clock, begin, expectNothingLeft } = prepare(1500)
    let ending: unknown
    const told = begin().then((it) => {
      ending = it
    })
    clock.advance(1499)
    await Promise.resolve()
    expect(ending).toBeUndefined()
    clock.advance(1)
    await told
    expect(ending).toMatchObject({ code: 'TIMEOUT', parts: { reason: 'The drone did not arrive within 1500 ms' } })
    expectNothingLeft()
  })

  it('waits for ever where there is no limit', () => {
    const { clock, begin } = prepare()
    begin()
    expect(clock.timers).toBe(0)
  })

  it.each(['later', 'before'])('lets go of everything where nobody can be answered any more, %s', async (when) => {
    const { abort, begin, expectNothingLeft } = prepare(1500)
    if (when === 'before') abort.abort()
    const ending = begin()
    abort.abort()
    expect(await ending).toBeInstanceOf(Failure)
    expect(await ending).toMatchObject({ code: 'CONNECTION_CLOSED' })
    expectNothingLeft()
  })
})
