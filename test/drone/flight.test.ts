import { describe, expect, it } from 'vitest'
import type { Drone } from '../../src/drone/drone.ts'
import { flight } from '../../src/drone/flight.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'

const TARGET = { x: 100, y: 0, z: undefined, speed: 100 }

function prepare(change: (drone: SimulatedDrone) => Partial<Drone> = () => ({})) {
  const clock = new FakeClock()
  const simulated = new SimulatedDrone(clock)
  const drone: Drone = {
    name: simulated.name,
    telemetry: () => simulated.telemetry(),
    moveTo: (target) => simulated.moveTo(target),
    hover: () => simulated.hover(),
    show: (text) => simulated.show(text),
    paint: (color) => simulated.paint(color),
    onArrival: (callback) => simulated.onArrival(callback),
    ...change(simulated),
  }
  const abort = new AbortController()
  return { clock, abort, handlers: flight(drone, clock), context: { signal: abort.signal, identify: () => {} } }
}

describe('WAIT', () => {
  it('answers at once where the drone stands where it was told to be', () => {
    const { handlers, context } = prepare()
    expect(handlers.WAIT({ timeout: 1000 }, context)).toEqual({ x: 0, y: 0, z: 0 })
  })

  it('answers with the place when the drone has arrived, and leaves no timer', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(TARGET, context)
    const answer = handlers.WAIT({ timeout: 60_000 }, context)
    clock.advance(1000)
    expect(await answer).toEqual({ x: 100, y: 0, z: 0 })
    expect(clock.timers).toBe(0)
  })

  it('fails with TIMEOUT when its time has run out, and leaves no timer', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(TARGET, context)
    const answer = handlers.WAIT({ timeout: 500 }, context)
    clock.advance(500)
    expect(await answer).toMatchObject({ code: 'TIMEOUT' })
    expect(clock.timers).toBe(0)
  })

  it('lets go of everything when nobody can be answered any more', async () => {
    const { clock, abort, handlers, context } = prepare()
    handlers.MOVE(TARGET, context)
    const answer = handlers.WAIT({ timeout: 500 }, context)
    abort.abort()
    expect(await answer).toBeInstanceOf(Failure)
    expect(clock.timers).toBe(0)
  })
})

describe('an operation that takes its time', () => {
  it('is answered when it is done', async () => {
    const { handlers, context } = prepare(() => ({ moveTo: async () => undefined }))
    expect(await handlers.MOVE(TARGET, context)).toEqual({ x: 100, y: 0, z: undefined })
  })

  it('is answered with its failure where it fails', async () => {
    const refused = new Failure('BAD_ARGUMENT', { reason: 'No display' })
    const { handlers, context } = prepare(() => ({ show: async () => refused, paint: () => refused }))
    expect(await handlers.WRITE({ text: 'hi' }, context)).toBe(refused)
    expect(handlers.CHANGECOLOR({ r: 1, g: 2, b: 3 }, context)).toBe(refused)
  })
})

it('counts the bytes of a text, not its characters', () => {
  const { handlers, context } = prepare()
  expect(handlers.WRITE({ text: 'grüße' }, context)).toEqual({ bytes: 7 })
})
