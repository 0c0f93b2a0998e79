import { describe, expect, it } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'

const MINUTE_MS = 60_000

function prepare(clock = new FakeClock(), of: { readonly landed?: boolean } = {}) {
  const drone = new SimulatedDrone(clock, of)
  const told: string[] = []
  drone.observe({
    ended: (op, outcome) => void told.push(`${op} ${outcome?.code ?? 'ARRIVED'} at ${clock.now()}`),
    linkChanged: (state) => void told.push(state),
  })
  const fly = (op: number, xM: number, yM = 0) => drone.moveTo({ xM, yM, zM: 0, speedMPerS: 1 }, op)
  return { clock, drone, told, fly }
}

describe('an arrival of the simulated drone', () => {
  it('is told once, at its time', () => {
    const { clock, told, fly } = prepare()
    fly(1, 1)
    clock.advance(999)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual(['1 ARRIVED at 1000'])
    fly(2, 0)
    clock.advance(MINUTE_MS)
    expect(told).toEqual(['1 ARRIVED at 1000', '2 ARRIVED at 2000'])
    expect(clock.timers).toBe(0)
  })

  it('is put off by a later target, and told of that alone', () => {
    const { clock, told, fly } = prepare()
    fly(1, 1)
    clock.advance(900)
    fly(2, -1.1)
    clock.advance(1999)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual(['2 ARRIVED at 2900'])
  })

  it('is not told where it was stopped or dropped', () => {
    const { clock, drone, told, fly } = prepare()
    fly(1, 1)
    clock.advance(500)
    drone.hover()
    fly(2, 9)
    clock.advance(500)
    drone.cutMotors()
    clock.advance(MINUTE_MS)
    expect(told).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('is told also of a way of no length', () => {
    const { clock, told, fly } = prepare()
    fly(1, 0)
    clock.advance(0)
    expect(told).toEqual(['1 ARRIVED at 0'])
  })

  it('outlasts a timer that rings before its time', () => {
    const clock = new FakeClock()
    const punctual = clock.after.bind(clock)
    clock.after = (ms, ring) => punctual(ms / 2, ring)
    const { told, fly } = prepare(clock)
    fly(1, 1)
    clock.advance(2000)
    expect(told).toEqual([expect.stringMatching(/^1 ARRIVED at (?:1000|999\.9\d*)$/)])
  })

  it.each([
    ['it is sent on', (drone: SimulatedDrone) => drone.moveTo({ xM: 9, yM: 0, zM: 0, speedMPerS: 1 }, 2)],
    ['it is to land', (drone: SimulatedDrone) => drone.land(2)],
    ['it is stopped', (drone: SimulatedDrone) => drone.hover()],
    ['its motors are cut', (drone: SimulatedDrone) => drone.cutMotors()],
  ])('is told first where the timer is late, and %s before it rings', (_, tell) => {
    const clock = new FakeClock()
    const punctual = clock.after.bind(clock)
    clock.after = (ms, ring) => punctual(ms + 20, ring)
    const { drone, told, fly } = prepare(clock)
    fly(1, 1)
    clock.advance(1010)
    expect(told).toEqual([])
    tell(drone)
    expect(told).toEqual(['1 ARRIVED at 1010'])
    clock.advance(500)
    expect(told.filter((line) => line.startsWith('1 '))).toHaveLength(1)
  })

  it('of a landing is told before the next start, where the timer is late', () => {
    const { clock, drone, told } = prepare()
    drone.land(1)
    drone.takeOff(1, 2)
    clock.advance(1000)
    expect(told).toEqual(['1 ARRIVED at 0', '2 ARRIVED at 1000'])
    expect(drone.airborne).toBe(true)
  })

  it('of a landing on the ground is told at once', () => {
    const { clock, drone, told } = prepare(new FakeClock(), { landed: true })
    expect(drone.land(1)).toBeUndefined()
    expect(told).toEqual(['1 ARRIVED at 0'])
    expect(clock.timers).toBe(0)
  })
})

describe('a link that is lost', () => {
  const everything = (drone: SimulatedDrone) => [
    drone.takeOff(1, 2),
    drone.moveTo({ xM: 5, yM: 5, zM: 5, speedMPerS: 1 }, 3),
    drone.land(4),
    drone.hover(),
    drone.cutMotors(),
    drone.show('hi'),
    drone.paint({ red: 1, green: 1, blue: 1 }),
  ]

  it('refuses all that the drone is told, which changes nothing', () => {
    const { clock, drone, fly } = prepare()
    fly(1, 2)
    clock.advance(1000)
    drone.setLink('lost')
    const before = [drone.telemetry(), drone.aimedM]
    expect(everything(drone).map((outcome) => outcome?.code)).toEqual(Array(7).fill('LINK_LOST'))
    expect([drone.telemetry(), drone.aimedM]).toEqual(before)
  })

  it('lets what is under way go on, and takes orders again once it is back', () => {
    const { clock, drone, told, fly } = prepare()
    fly(1, 1)
    drone.setLink('lost')
    clock.advance(1000)
    drone.setLink('regained')
    expect(everything(drone)).toEqual(Array(7).fill(undefined))
    expect(told.slice(0, 3)).toEqual(['lost', '1 ARRIVED at 1000', 'regained'])
  })

  it('is told once each time', () => {
    const { drone, told } = prepare()
    for (const state of ['regained', 'lost', 'lost', 'regained', 'regained'] as const) drone.setLink(state)
    expect(told).toEqual(['lost', 'regained'])
  })
})
