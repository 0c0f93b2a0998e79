import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Alarm } from '../../src/time/alarm.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** An alarm, and when it rang. */
function scene() {
  const clock = new FakeClock()
  clock.advance(500)
  const rangMs: number[] = []
  const alarm = new Alarm(clock, { wake: (nowMs) => void rangMs.push(nowMs) })
  return { clock, alarm, rangMs }
}

it('rings once, at the deadline', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(600)
  clock.advance(99)
  expect(rangMs).toEqual([])
  clock.advance(1000)
  expect(rangMs).toEqual([600])
})

it('is left alone when the deadline is put off: it rings early enough', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(600)
  let timersSet = 0
  const after = clock.after.bind(clock)
  clock.after = (...wait) => {
    timersSet++
    return after(...wait)
  }
  for (let deadlineMs = 600; deadlineMs < 2000; deadlineMs++) alarm.setFor(deadlineMs)
  expect(timersSet).toBe(0)
  clock.advance(100)
  expect(rangMs).toEqual([600])
})

it('rings earlier when the deadline is brought forward, and only then', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(900)
  alarm.setFor(600)
  expect(clock.timers).toBe(1)
  clock.advance(1000)
  expect(rangMs).toEqual([600])
})

it('is not set for a deadline that never comes, and a deadline that does is not forgotten for one', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(Number.POSITIVE_INFINITY)
  expect(clock.timers).toBe(0)
  alarm.setFor(600)
  alarm.setFor(Number.POSITIVE_INFINITY)
  clock.advance(1000)
  expect(rangMs).toEqual([600])
})

it('can be set anew when it has rung, by whom it wakes as well', () => {
  const clock = new FakeClock()
  const rangMs: number[] = []
  const alarm = new Alarm(clock, {
    wake: (nowMs) => {
      rangMs.push(nowMs)
      if (nowMs < 300) alarm.setFor(nowMs + 100)
    },
  })
  alarm.setFor(100)
  clock.advance(1000)
  expect(rangMs).toEqual([100, 200, 300])
  alarm.setFor(1500)
  clock.advance(1000)
  expect(rangMs).toEqual([100, 200, 300, 1500])
})

it('rings at once for a deadline that has just passed', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(450)
  clock.advance(0)
  expect(rangMs).toEqual([500])
})

it('rings a turn later for a deadline long past, behind what was to be read meanwhile', async () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(1)
  clock.advance(0)
  expect(rangMs).toEqual([])
  await nextTurn()
  expect(rangMs).toEqual([500])
})

it('does not ring a turn later when it was put off for good meanwhile', async () => {
  const { clock, alarm, rangMs } = scene()
  alarm.setFor(1)
  clock.advance(0)
  alarm.off()
  await nextTurn()
  expect(rangMs).toEqual([])
})

it('is silent once it is off, whether it was set or not', () => {
  const { clock, alarm, rangMs } = scene()
  alarm.off()
  alarm.setFor(600)
  alarm.off()
  alarm.off()
  clock.advance(1000)
  expect(rangMs).toEqual([])
  expect(clock.timers).toBe(0)
})
