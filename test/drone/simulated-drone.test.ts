import { describe, expect, it } from 'vitest'
import { report } from '../../src/drone/report.ts'
import { SimulatedDrone, type SimulatedDroneOptions } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'

const MINUTE_MS = 60_000

function prepare(options: SimulatedDroneOptions = {}) {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock, options)
  const fly = (xM: number, yM: number, zM = 0, speedMPerS = 1) => drone.moveTo({ xM, yM, zM, speedMPerS }, 1)
  return { clock, drone, fly, position: () => drone.telemetry().position, state: () => drone.telemetry().state }
}

describe('a simulated drone', () => {
  it('hovers at the origin at the start, dark and charged', () => {
    const { drone } = prepare()
    expect(drone.telemetry()).toEqual({
      state: 'hovering',
      position: { xM: 0, yM: 0, zM: 0 },
      headingRad: 0,
      charge: 1,
      color: { red: 0, green: 0, blue: 0 },
      text: undefined,
    })
    expect(drone.airborne).toBe(true)
  })

  it('stands on the ground at the start, where it is told so', () => {
    const { drone, state } = prepare({ landed: true })
    expect(state()).toBe('landed')
    expect(drone.airborne).toBe(false)
  })

  it('flies straight to its target at its speed, and stays there', () => {
    const { clock, fly, position, state } = prepare()
    fly(3, 4, 0, 0.5)
    clock.advance(5000)
    expect(state()).toBe('moving')
    expect(position()).toEqual({ xM: 1.5, yM: 2, zM: 0 })
    clock.advance(5000)
    expect(state()).toBe('hovering')
    expect(position()).toEqual({ xM: 3, yM: 4, zM: 0 })
    clock.advance(MINUTE_MS)
    expect(position()).toEqual({ xM: 3, yM: 4, zM: 0 })
  })

  it('goes on from where it is when it gets another target', () => {
    const { clock, fly, position } = prepare()
    fly(10, 0)
    clock.advance(1000)
    fly(1, 1)
    clock.advance(500)
    expect(position()).toEqual({ xM: 1, yM: 0.5, zM: 0 })
  })

  it('tells the altitude that it last aimed at', () => {
    const { clock, drone, fly } = prepare()
    fly(0, 0, 5)
    clock.advance(1000)
    expect(drone.aimedM).toBe(5)
    drone.hover()
    expect(drone.aimedM).toBe(1)
  })

  it.each([
    [0, 1, 0],
    [1, 1, 45],
    [1, 0, 90],
    [0, -1, 180],
    [-1, 0, 270],
    [-1, 1000, 0],
  ])('heads from the origin to %i, %i in %i degrees, clockwise from north', (x, y, degrees) => {
    const { drone, fly } = prepare()
    fly(x, y)
    expect(report(drone).heading).toBe(degrees)
  })

  it('keeps its heading when it only climbs', () => {
    const { clock, drone, fly } = prepare()
    fly(1, 0)
    clock.advance(1000)
    fly(1, 0, 0.5)
    expect(report(drone).heading).toBe(90)
  })

  it.each([1, 0.7])('spends a percent of its battery a minute from %f, and never less than nothing', (charge) => {
    const { clock, drone } = prepare({ charge })
    const start = report(drone).battery
    clock.advance(MINUTE_MS - 1)
    expect(report(drone).battery).toBe(start)
    clock.advance(1)
    expect(report(drone).battery).toBe(start - 1)
    clock.advance(200 * MINUTE_MS)
    expect(drone.telemetry().charge).toBe(0)
  })
})

describe('a start and a landing', () => {
  it('goes straight up from the ground, at a metre a second', () => {
    const { clock, drone, position, state } = prepare({ landed: true })
    drone.takeOff(1.5, 1)
    expect([drone.airborne, drone.aimedM]).toEqual([true, 1.5])
    clock.advance(1000)
    expect(position()).toEqual({ xM: 0, yM: 0, zM: 1 })
    expect(state()).toBe('moving')
    clock.advance(500)
    expect(position()).toEqual({ xM: 0, yM: 0, zM: 1.5 })
    expect(state()).toBe('hovering')
  })

  it('comes straight down from where it is, and is on the ground at its end, not before', () => {
    const { clock, drone, fly, position, state } = prepare()
    fly(2, 0, 2, 1)
    clock.advance(MINUTE_MS)
    drone.land(2)
    clock.advance(1999)
    expect([state(), drone.airborne]).toEqual(['moving', true])
    clock.advance(1)
    expect([state(), drone.airborne]).toEqual(['landed', false])
    expect(position()).toEqual({ xM: 2, yM: 0, zM: 0 })
  })

  it('is stopped on its way down, and hovers there', () => {
    const { clock, drone, fly, position, state } = prepare()
    fly(0, 0, 2)
    clock.advance(MINUTE_MS)
    drone.land(2)
    clock.advance(500)
    drone.hover()
    clock.advance(MINUTE_MS)
    expect([state(), drone.airborne]).toEqual(['hovering', true])
    expect(position().zM).toBe(1.5)
  })

  it('stays on the ground whoever stops it there, and leaves it again', () => {
    const { clock, drone, state } = prepare({ landed: true })
    drone.hover()
    expect(state()).toBe('landed')
    drone.takeOff(1, 1)
    clock.advance(1000)
    drone.land(2)
    clock.advance(1000)
    drone.takeOff(1, 3)
    clock.advance(1000)
    expect(state()).toBe('hovering')
  })

  it('drops where it is when its motors are cut, and can take off from there', () => {
    const { clock, drone, fly, position, state } = prepare()
    fly(4, 0, 0, 1)
    clock.advance(1000)
    drone.cutMotors()
    expect(state()).toBe('landed')
    clock.advance(MINUTE_MS)
    expect(position()).toEqual({ xM: 1, yM: 0, zM: 0 })
    drone.takeOff(1, 2)
    clock.advance(1000)
    expect(position()).toEqual({ xM: 1, yM: 0, zM: 1 })
  })
})
