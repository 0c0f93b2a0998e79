import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CoarseClock } from '../../src/time/coarse-clock.ts'
import { FakeClock } from '../support/fake-clock.ts'

const SLOT_MS = 20

function scene(startMs = 0) {
  const clock = new FakeClock()
  clock.advance(startMs)
  const coarse = new CoarseClock(clock)
  const rung: string[] = []
  const wait = (delayMs: number, name: string) => coarse.after(delayMs, () => void rung.push(name))
  return { clock, coarse, rung, wait }
}

it('tells the time of the clock below it, which stands still until what is being done is done', async () => {
  const { clock, coarse } = scene(1234.5)
  expect(coarse.now()).toBe(1234.5)
  clock.advance(1)
  expect(coarse.now()).toBe(1234.5)
  await nextTurn()
  expect(coarse.now()).toBe(1235.5)
})

it('stands still from when it is told to until it is told to go on', () => {
  const { clock, coarse } = scene(1234.5)
  coarse.stop()
  clock.advance(1)
  expect(coarse.now()).toBe(1234.5)
  coarse.goOn()
  expect(coarse.now()).toBe(1235.5)
})

it('calls nobody early, and nobody more than 20 ms late', () => {
  const times = fc.double({ min: 0, max: 1000, noNaN: true })
  fc.assert(
    fc.property(times, fc.array(times, { maxLength: 20 }), (startMs, delays) => {
      const { clock, coarse } = scene(startMs)
      const lateMs: number[] = []
      for (const delayMs of delays) coarse.after(delayMs, () => void lateMs.push(clock.now() - startMs - delayMs))
      clock.advance(1000 + SLOT_MS)
      expect(lateMs).toHaveLength(delays.length)
      // A little for what is lost in sums of fractions.
      for (const late of lateMs) expect(Math.abs(late - SLOT_MS / 2)).toBeLessThanOrEqual(SLOT_MS / 2 + 1e-6)
    }),
  )
})

it('calls at the end of the slot whom it was asked to call in the past', () => {
  const { clock, rung, wait } = scene(5)
  wait(-1000, 'late')
  clock.advance(SLOT_MS)
  expect(rung).toEqual(['late'])
})

it('has one timer for all of a slot', () => {
  const { clock, rung, wait } = scene()
  for (let waiting = 0; waiting < 1000; waiting++) wait(1 + (waiting % SLOT_MS), String(waiting))
  expect(clock.timers).toBe(1)
  wait(SLOT_MS + 1, 'later')
  expect(clock.timers).toBe(2)
  clock.advance(SLOT_MS)
  expect(rung).toHaveLength(1000)
  expect(clock.timers).toBe(1)
})

it('calls each that waits once, and one whose wait was called off not at all', () => {
  const { clock, rung, wait } = scene()
  wait(10, 'a')
  const callOff = wait(10, 'b')
  wait(10, 'c')
  callOff()
  callOff()
  clock.advance(1000)
  expect(rung).toEqual(['a', 'c'])
})

it('takes each wait for one of its own, even of the same function', () => {
  const { clock, coarse } = scene()
  let calls = 0
  const count = () => void calls++
  coarse.after(10, count)
  const callOff = coarse.after(10, count)
  coarse.after(10, count)
  callOff()
  clock.advance(1000)
  expect(calls).toBe(2)
})

it('does not call one whose wait is called off by another of the same slot', () => {
  const { clock, coarse, rung, wait } = scene()
  let callOff = () => {}
  coarse.after(10, () => {
    rung.push('first')
    callOff()
  })
  callOff = wait(11, 'second')
  wait(12, 'third')
  clock.advance(1000)
  expect(rung).toEqual(['first', 'third'])
})

it('calls one that begins to wait while others are called in its own time, not at once', () => {
  const { clock, coarse, rung, wait } = scene()
  coarse.after(SLOT_MS, () => {
    rung.push('first')
    wait(0, 'at once')
    wait(1, 'soon')
  })
  clock.advance(SLOT_MS)
  expect(rung).toEqual(['first', 'at once'])
  clock.advance(SLOT_MS)
  expect(rung).toEqual(['first', 'at once', 'soon'])
  expect(clock.timers).toBe(0)
})

it('keeps no timer for those who have called off', () => {
  const { clock, coarse } = scene(0)
  const callOffs = [coarse.after(100, () => {}), coarse.after(101, () => {}), coarse.after(101, () => {})]
  expect(clock.timers).toBe(2)
  for (const callOff of callOffs) callOff()
  expect(clock.timers).toBe(0)
  coarse.after(100, () => {})
  for (const callOff of callOffs) callOff()
  expect(clock.timers).toBe(1)
})

it('calls nobody any more once it has ended, and keeps no timer for them', () => {
  const { clock, coarse, rung, wait } = scene()
  for (const delayMs of [10, 30, 30, 500]) wait(delayMs, String(delayMs))
  expect(clock.timers).toBe(3)
  coarse.end()
  expect(clock.timers).toBe(0)
  clock.advance(1000)
  expect(rung).toEqual([])
})
