import { describe, expect, it } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'

const MINUTE_MS = 60_000

function takeOff() {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const fly = (xCm: number, yCm: number, zCm?: number, speedCmPerS = 100) =>
    drone.moveTo({ xCm, yCm, zCm, speedCmPerS })
  return { clock, drone, fly }
}

describe('a simulated drone', () => {
  it('hovers at the origin at the start, dark and charged', () => {
    const { drone } = takeOff()
    expect(drone.telemetry()).toEqual({
      state: 'hovering',
      position: { xCm: 0, yCm: 0, zCm: 0 },
      headingDegrees: 0,
      batteryPercent: 100,
      color: { red: 0, green: 0, blue: 0 },
      text: undefined,
    })
  })

  it('flies straight to its target at its speed, and stays there', () => {
    const { clock, drone, fly } = takeOff()
    fly(300, 400, 0, 50)
    clock.advance(5000)
    expect(drone.telemetry()).toMatchObject({ state: 'moving', position: { xCm: 150, yCm: 200, zCm: 0 } })
    clock.advance(5000)
    expect(drone.telemetry()).toMatchObject({ state: 'hovering', position: { xCm: 300, yCm: 400, zCm: 0 } })
    clock.advance(MINUTE_MS)
    expect(drone.telemetry().position).toEqual({ xCm: 300, yCm: 400, zCm: 0 })
  })

  it('goes on from where it is when it gets another target', () => {
    const { clock, drone, fly } = takeOff()
    fly(1000, 0)
    clock.advance(1000)
    fly(100, 100)
    clock.advance(500)
    expect(drone.telemetry().position).toEqual({ xCm: 100, yCm: 50, zCm: 0 })
  })

  it('keeps the altitude that it last aimed at where none is given', () => {
    const { clock, drone, fly } = takeOff()
    fly(0, 0, 500)
    clock.advance(1000)
    fly(100, 0)
    clock.advance(MINUTE_MS)
    expect(drone.telemetry().position.zCm).toBe(500)
  })

  it.each([
    [0, 1, 0],
    [1, 1, 45],
    [1, 0, 90],
    [0, -1, 180],
    [-1, 0, 270],
    [-1, 1000, 0],
  ])('heads from the origin to %i, %i in %i degrees, clockwise from north', (x, y, degrees) => {
    const { drone, fly } = takeOff()
    fly(x, y)
    expect(drone.telemetry().headingDegrees).toBe(degrees)
  })

  it('keeps its heading when it only climbs', () => {
    const { clock, drone, fly } = takeOff()
    fly(100, 0)
    clock.advance(1000)
    fly(100, 0, 50)
    expect(drone.telemetry().headingDegrees).toBe(90)
  })

  it('spends a percent of its battery a minute, and never less than nothing', () => {
    const { clock, drone } = takeOff()
    clock.advance(MINUTE_MS - 1)
    expect(drone.telemetry().batteryPercent).toBe(100)
    clock.advance(1)
    expect(drone.telemetry().batteryPercent).toBe(99)
    clock.advance(200 * MINUTE_MS)
    expect(drone.telemetry().batteryPercent).toBe(0)
  })
})

describe('an arrival', () => {
  it('is told to all who wait, once, at its time', () => {
    const { clock, drone, fly } = takeOff()
    const told: string[] = []
    fly(100, 0)
    drone.onArrival(() => told.push('first'))
    drone.onArrival(() => told.push('second'))
    clock.advance(999)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual(['first', 'second'])
    fly(0, 0)
    clock.advance(MINUTE_MS)
    expect(told).toEqual(['first', 'second'])
  })

  it('is put off by a later target', () => {
    const { clock, drone, fly } = takeOff()
    let arrived = false
    fly(100, 0)
    drone.onArrival(() => {
      arrived = true
    })
    clock.advance(900)
    fly(-110, 0)
    clock.advance(1999)
    expect(arrived).toBe(false)
    clock.advance(1)
    expect(arrived).toBe(true)
  })

  it('leaves no timer behind when nobody waits any more', () => {
    const { clock, drone, fly } = takeOff()
    fly(100, 0)
    const callOff = drone.onArrival(() => expect.unreachable())
    callOff()
    expect(clock.timers).toBe(0)
    clock.advance(MINUTE_MS)
  })

  it('outlasts a timer that rings before its time', () => {
    const clock = new FakeClock()
    const early = { now: () => clock.now(), after: (ms: number, ring: () => void) => clock.after(ms / 2, ring) }
    const sleeper = new SimulatedDrone(early)
    sleeper.moveTo({ xCm: 100, yCm: 0, speedCmPerS: 100 })
    let arrivedMs = 0
    sleeper.onArrival(() => {
      arrivedMs = clock.now()
    })
    clock.advance(2000)
    expect(arrivedMs).toBeGreaterThanOrEqual(1000)
  })
})
