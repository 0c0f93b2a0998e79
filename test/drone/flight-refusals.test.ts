import { describe, expect, it } from 'vitest'
import type { Capability } from '../../src/drone/drone.ts'
import { Failure } from '../../src/wire/failure.ts'
import { AT_ONCE, patience, prepare, to } from './support/prepare.ts'

const GROUND = { drone: { landed: true } }
const TAKEOFF = { z: 100, wait: undefined }

const codeOf = (answer: unknown) => (answer instanceof Failure ? answer.code : answer)

describe('on the ground', () => {
  it('MOVE is NOT_FLYING, says how to fly, and begins nothing', () => {
    const { handlers, context, feed } = prepare(GROUND)
    expect(handlers.MOVE(to(1, 2), context)).toMatchObject({
      code: 'NOT_FLYING',
      parts: { hint: 'say TAKEOFF first' },
    })
    expect(feed.events).toEqual([])
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'landed' })
  })

  it('WAIT answers at once', () => {
    const { handlers, context } = prepare(GROUND)
    expect(handlers.WAIT(patience(), context)).toEqual({ x: 0, y: 0, z: 0 })
  })
})

it('TAKEOFF in the air is WRONG_STATE', () => {
  const { handlers, context } = prepare()
  expect(handlers.TAKEOFF(TAKEOFF, context)).toMatchObject({ code: 'WRONG_STATE' })
})

describe('a battery', () => {
  it.each([
    [0.14, undefined],
    [0, undefined],
    [0.49, 0.5],
  ])('of %f is too low for TAKEOFF where the floor is %j', (charge, batteryFloor) => {
    const { handlers, context, feed } = prepare({ drone: { landed: true, charge }, batteryFloor })
    const wanted = batteryFloor === undefined ? 15 : 50
    expect(handlers.TAKEOFF(TAKEOFF, context)).toMatchObject({
      code: 'LOW_BATTERY',
      parts: { reason: `The battery is at ${Math.round(charge * 100)} percent, and TAKEOFF takes ${wanted}` },
    })
    expect(feed.events).toEqual([])
  })

  it.each([
    [0.15, undefined],
    [0, 0],
    [0.5, 0.5],
  ])('of %f is enough where the floor is %j', (charge, batteryFloor) => {
    const { handlers, context } = prepare({ drone: { landed: true, charge }, batteryFloor })
    expect(handlers.TAKEOFF(TAKEOFF, context)).toEqual({ z: 100, op: 1 })
  })

  it('that was drained to its floor, and no further, is enough', () => {
    const { clock, handlers, context } = prepare({ drone: { landed: true, charge: 0.7 } })
    clock.advance(55 * 60_000)
    expect(handlers.STATUS({}, context)).toMatchObject({ battery: 15 })
    expect(handlers.TAKEOFF(TAKEOFF, context)).toEqual({ z: 100, op: 1 })
    expect(handlers.MOVE(to(0, 0, 1), context)).toMatchObject({ op: 2 })
  })

  it('however low, keeps nobody in the air from flying and landing', () => {
    const { handlers, context } = prepare({ drone: { charge: 0 } })
    expect(handlers.MOVE(to(1, 1), context)).toMatchObject({ op: 1 })
    expect(handlers.LAND(AT_ONCE, context)).toMatchObject({ op: 2 })
  })
})

describe('a fence', () => {
  const fence = { radiusM: 5, ceilingM: 2 }

  it.each([
    [501, 0, undefined],
    [400, 400, 0],
    [0, 0, 201],
  ])('refuses MOVE to %i, %i, %j, which begins nothing and moves nothing', (x, y, z) => {
    const { clock, handlers, context, feed } = prepare({ fence })
    expect(codeOf(handlers.MOVE(to(x, y, z), context))).toBe('OUT_OF_FENCE')
    clock.advance(60_000)
    expect(handlers.STATUS({}, context)).toMatchObject({ x: 0, y: 0, z: 0 })
    expect(feed.events).toEqual([])
  })

  it('refuses TAKEOFF above its ceiling', () => {
    const { handlers, context } = prepare({ ...GROUND, fence })
    expect(codeOf(handlers.TAKEOFF({ ...TAKEOFF, z: 201 }, context))).toBe('OUT_OF_FENCE')
    expect(handlers.TAKEOFF({ ...TAKEOFF, z: 200 }, context)).toMatchObject({ op: 1 })
  })

  it('lets what is under way go on where it refuses the next', () => {
    const { clock, handlers, context, feed } = prepare({ fence })
    handlers.MOVE(to(100, 0), context)
    handlers.MOVE(to(1000, 0), context)
    clock.advance(1000)
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1'])
  })
})

describe('what a drone cannot do is UNSUPPORTED:', () => {
  const all: readonly Capability[] = ['takeoff', 'cutoff', 'display', 'light']

  it.each(all)('without %s', (missing) => {
    const capabilities = new Set(all.filter((capability) => capability !== missing))
    const { handlers, context } = prepare({ drone: { landed: missing === 'takeoff', capabilities } })
    const answers = {
      takeoff: [handlers.TAKEOFF(TAKEOFF, context), handlers.LAND(AT_ONCE, context)],
      cutoff: [handlers.EMERGENCY({ drone: 'sim' }, context)],
      display: [handlers.WRITE({ text: 'hi' }, context)],
      light: [handlers.CHANGECOLOR({ r: 1, g: 2, b: 3 }, context)],
    }
    for (const [capability, told] of Object.entries(answers)) {
      const isMissing = capability === missing
      for (const answer of told) expect(codeOf(answer) === 'UNSUPPORTED').toBe(isMissing)
    }
    expect(answers[missing][0]).toMatchObject({ parts: { reason: expect.stringContaining(`it has no ${missing}`) } })
  })

  it('what takes none is for every drone', () => {
    const { handlers, context } = prepare({ drone: { capabilities: new Set() } })
    expect(handlers.MOVE(to(1, 2), context)).toMatchObject({ op: 1 })
    expect(handlers.STOP({}, context)).toEqual({ x: 0, y: 0, z: 0 })
  })
})

it('a link that is lost refuses what it would carry, and no more once it is back', () => {
  const { drone, handlers, context, feed } = prepare()
  const say = () => [
    handlers.MOVE(to(1, 2), context),
    handlers.LAND(AT_ONCE, context),
    handlers.STOP({}, context),
    handlers.EMERGENCY({ drone: 'sim' }, context),
    handlers.WRITE({ text: 'hi' }, context),
    handlers.CHANGECOLOR({ r: 1, g: 2, b: 3 }, context),
  ]
  drone.setLink('lost')
  expect(say().map(codeOf)).toEqual(Array(6).fill('LINK_LOST'))
  drone.setLink('regained')
  expect(say().filter((answer) => answer instanceof Failure)).toEqual([])
  expect(feed.turns.slice(0, 3)).toEqual(['LINK lost', 'LINK regained', expect.stringMatching(/^STARTED/)])
})
