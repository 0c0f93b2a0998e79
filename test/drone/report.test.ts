import { expect, it } from 'vitest'
import { report } from '../../src/drone/report.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'

it('a report tells a drone in the units of the wire', () => {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock, { charge: 0.5 })
  drone.moveTo({ xM: -3, yM: -4, zM: 0, speedMPerS: 1 }, 1)
  drone.paint({ red: 1, green: 2, blue: 3 })
  clock.advance(2500)
  expect(report(drone)).toEqual({
    drone: 'sim',
    state: 'moving',
    x: -150,
    y: -200,
    z: 0,
    heading: 217,
    battery: 50,
    r: 1,
    g: 2,
    b: 3,
    text: undefined,
  })
  drone.show('hi')
  expect(report(drone).text).toBe('hi')
})
