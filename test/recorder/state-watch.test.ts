import { expect, it } from 'vitest'
import { NO_OP } from '../../src/drone/drone.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { StateWatch } from '../../src/recorder/state-watch.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** A drone that is about to fly ten metres east, in ten seconds. */
function scene() {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const watch = new StateWatch(drone, {}, clock)
  const setOut = () => drone.moveTo({ xM: 10, yM: 0, zM: 0, speedMPerS: 1 }, NO_OP)
  return { clock, drone, watch, setOut }
}

it('the first state is recorded, and then none that is the same', () => {
  const { clock, watch } = scene()
  expect(watch.news()).toMatchObject({ x: 0, airborne: true })
  clock.advance(1000)
  expect(watch.news()).toBeUndefined()
})

it('where a drone is that flies is recorded ten times a second at the most, and where it comes to rest at once', () => {
  const { clock, watch, setOut } = scene()
  watch.news()
  setOut()
  clock.advance(99)
  expect(watch.news()).toBeUndefined()
  clock.advance(1)
  expect(watch.news()?.['x']).toBeCloseTo(0.1)
  clock.advance(99)
  expect(watch.news()).toBeUndefined()
  clock.advance(9790)
  expect(watch.news()?.['x']).toBeCloseTo(9.989)
  clock.advance(11)
  expect(watch.news()).toMatchObject({ x: 10 })
})

it('that it stops is recorded at once', () => {
  const { clock, drone, watch, setOut } = scene()
  watch.news()
  setOut()
  clock.advance(20)
  expect(watch.news()).toBeUndefined()
  drone.hover()
  expect(watch.news()?.['x']).toBeCloseTo(0.02)
})

it('the last state is recorded also where it would not be time, if it is another', () => {
  const { clock, watch, setOut } = scene()
  watch.news()
  setOut()
  clock.advance(20)
  expect(watch.news()).toBeUndefined()
  expect(watch.news(true)?.['x']).toBeCloseTo(0.02)
  expect(watch.news(true)).toBeUndefined()
})

it.each([
  { what: 'colour', change: (drone: SimulatedDrone) => drone.paint({ red: 1, green: 2, blue: 3 }) },
  { what: 'text', change: (drone: SimulatedDrone) => drone.show('hello') },
  {
    what: 'altitude to fly at',
    change: (drone: SimulatedDrone) => drone.moveTo({ xM: 10, yM: 0, zM: 5, speedMPerS: 1 }, NO_OP),
  },
])('another $what is recorded at once, also on its way', ({ change }) => {
  const { clock, drone, watch, setOut } = scene()
  drone.moveTo({ xM: 0, yM: 0, zM: 1, speedMPerS: Number.POSITIVE_INFINITY }, NO_OP)
  watch.news()
  setOut()
  watch.news()
  clock.advance(20)
  expect(watch.news()).toBeUndefined()
  change(drone)
  expect(watch.news()).toBeDefined()
})
