import { expect, it } from 'vitest'
import { SyncPace } from '../../src/recorder/sync-pace.ts'
import { FakeClock } from '../support/fake-clock.ts'

const PAUSE_MS = 100

function paced() {
  const clock = new FakeClock()
  const atMs: number[] = []
  let done = () => {}
  const pace = new SyncPace(clock, PAUSE_MS, (finished) => {
    atMs.push(clock.now())
    done = finished
  })
  const finish = () => {
    const finished = done
    done = () => {}
    finished()
  }
  return { clock, atMs, pace, finish }
}

it('syncs at most once in so long, however much is written', () => {
  const { clock, atMs, pace, finish } = paced()
  for (let ms = 0; ms < 950; ms++) {
    pace.wrote()
    clock.advance(1)
    finish()
  }
  expect(atMs).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
})

it('syncs what was written last, also while it was syncing', () => {
  const { clock, atMs, pace, finish } = paced()
  pace.wrote()
  clock.advance(0)
  pace.wrote()
  clock.advance(5 * PAUSE_MS)
  expect(atMs).toEqual([0])
  finish()
  clock.advance(0)
  expect(atMs).toEqual([0, 5 * PAUSE_MS])
  finish()
  clock.advance(10 * PAUSE_MS)
  expect(atMs).toHaveLength(2)
  expect(clock.timers).toBe(0)
})

it('leaves no timer behind when it is over', () => {
  const { clock, atMs, pace } = paced()
  pace.wrote()
  pace.end()
  pace.wrote()
  clock.advance(PAUSE_MS)
  expect({ atMs, timers: clock.timers }).toEqual({ atMs: [], timers: 0 })
})
