import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { AT_ONCE, patience, prepareWith, to, WHEN_DONE } from './support/prepare.ts'
import { SlowDrone } from './support/slow-drone.ts'

const REFUSAL = new Failure('LINK_LOST', { reason: 'Out of range' })

function prepare() {
  const all = prepareWith(new SlowDrone(), new FakeClock())
  const { drone } = all
  const last = () => {
    const told = drone.told.at(-1)
    if (told === undefined) throw new Error('The drone was told nothing')
    return told
  }
  return { ...all, last }
}

/** What an answer has come to by now, if it has. */
async function now(answer: unknown): Promise<unknown> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  return Promise.race([answer, Promise.resolve('pending')])
}

describe('an operation of a drone that takes its time', () => {
  it('has begun, and is answered, when it is accepted', async () => {
    const { handlers, context, feed, last } = prepare()
    const answer = handlers.MOVE(to(100, 0), context)
    expect(await now(answer)).toBe('pending')
    expect(feed.events).toEqual([])
    last().answer()
    expect(await answer).toEqual({ x: 100, y: 0, z: undefined, op: 1 })
    expect(feed.turns).toEqual(['STARTED 1'])
  })

  it('never began where it is refused, and what was under way goes on', async () => {
    const { handlers, context, feed, operations, last } = prepare()
    for (const wait of [undefined, 'yes'] as const) {
      const refused = handlers.MOVE({ ...to(100, 0), wait }, context)
      last().answer(REFUSAL)
      expect(await refused).toBe(REFUSAL)
    }
    const accepted = handlers.MOVE(to(1, 0), context)
    last().answer()
    await accepted
    const refused = handlers.MOVE(to(2, 0), context)
    last().answer(REFUSAL)
    expect(await refused).toBe(REFUSAL)
    expect(operations.current?.op).toBe(3)
    expect(feed.turns).toEqual(['STARTED 3'])
    expect(handlers.WAIT(patience(60_000, 4), context)).toBeInstanceOf(Failure)
  })

  it('that breaks leaves what was under way as it was', async () => {
    const { handlers, context, feed, last } = prepare()
    const answer = handlers.MOVE(to(2, 0), context)
    last().fail(new Error('broken'))
    await expect(answer).rejects.toThrow('broken')
    expect(feed.events).toEqual([])
  })

  it('fails in the end with what the drone says, to all who wait for it', async () => {
    const { drone, handlers, context, feed, last } = prepare()
    const held = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    last().answer()
    await now(held)
    const waits = [handlers.WAIT(patience(), context), handlers.WAIT(patience(60_000, 1), context)]
    drone.observer?.ended(1, REFUSAL)
    const withOp = { code: 'LINK_LOST', parts: { reason: 'Out of range', details: { Op: '1' } } }
    expect(await held).toMatchObject(withOp)
    expect(await waits[0]).toBe(REFUSAL)
    expect(await waits[1]).toMatchObject(withOp)
    expect(feed.turns).toEqual(['STARTED 1', 'FAILED 1'])
  })

  it('may be over before it is known to have been accepted, and is answered all the same', async () => {
    const { drone, handlers, context, feed, last } = prepare()
    const held = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    drone.observer?.ended(1, undefined)
    last().answer()
    expect(await held).toMatchObject({ op: 1 })
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1'])
  })

  it('holds nothing that was accepted when nobody could be answered any more', async () => {
    const { abort, handlers, context, last } = prepare()
    const held = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    abort.abort()
    last().answer()
    expect(await now(held)).toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  it('is under way from when it was accepted, whatever the drone’s telemetry says by then', async () => {
    const { drone, handlers, context, last } = prepare()
    const move = handlers.MOVE(to(100, 0), context)
    last().answer()
    await move
    const wait = handlers.WAIT(patience(), context)
    expect(await now(wait)).toBe('pending')
    drone.position = { xM: 1, yM: 0, zM: 0 }
    drone.observer?.ended(1, undefined)
    expect(await wait).toEqual({ x: 100, y: 0, z: 0 })
  })
})

describe('the stop lane with a drone that takes its time', () => {
  it.each(['STOP', 'EMERGENCY'] as const)('%s cancels when the drone has taken it, and not before', async (command) => {
    const { handlers, context, feed, last } = prepare()
    const move = handlers.MOVE(to(100, 0), context)
    last().answer()
    await move
    const stop = command === 'STOP' ? handlers.STOP({}, context) : handlers.EMERGENCY({ drone: 'slow' }, context)
    expect(feed.turns).toEqual(['STARTED 1'])
    last().answer()
    expect(await stop).toEqual(command === 'STOP' ? { x: 0, y: 0, z: 0 } : { drone: 'slow' })
    expect(feed.turns).toEqual(['STARTED 1', 'CANCELLED 1'])
  })

  it('STOP that the drone refuses cancels nothing', async () => {
    const { handlers, context, feed, last } = prepare()
    const move = handlers.MOVE(to(100, 0), context)
    last().answer()
    await move
    const stop = handlers.STOP({}, context)
    last().answer(REFUSAL)
    expect(await stop).toBe(REFUSAL)
    expect(feed.turns).toEqual(['STARTED 1'])
  })

  it.each(['STOP', 'LAND'] as const)('%s overtakes what is accepted behind its back', async (command) => {
    const { drone, handlers, context, feed, operations } = prepare()
    const move = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    const stop = command === 'STOP' ? handlers.STOP({}, context) : handlers.LAND(AT_ONCE, context)
    const [moved, stopped] = drone.told
    stopped?.answer()
    await stop
    moved?.answer()
    expect(await now(move)).toMatchObject({ code: 'CANCELLED', parts: { details: { Op: '1' } } })
    expect(feed.turns).toContain('CANCELLED 1')
    expect(operations.current?.command).toBe(command === 'STOP' ? undefined : 'LAND')
  })

  it('LAND on the ground is told to the drone, which may be about to leave it', async () => {
    const { drone, handlers, context, last } = prepare()
    drone.airborne = false
    const takeoff = handlers.TAKEOFF({ z: 100, ...AT_ONCE }, context)
    const land = handlers.LAND(AT_ONCE, context)
    expect(drone.told.map(({ what }) => what)).toEqual(['takeOff', 'land'])
    for (const { answer } of drone.told) answer()
    expect([await takeoff, await land]).toEqual([{ z: 100, op: 1 }, { op: 2 }])
    expect(last().op).toBe(2)
  })
})

it.each(['show', 'paint'] as const)('what a drone is to %s is answered when it has, or says why not', async (what) => {
  const { handlers, context, last } = prepare()
  const say = () =>
    what === 'show' ? handlers.WRITE({ text: 'hi' }, context) : handlers.CHANGECOLOR({ r: 1, g: 2, b: 3 }, context)
  const good = say()
  last().answer()
  expect(await good).toEqual(what === 'show' ? { bytes: 2 } : { r: 1, g: 2, b: 3 })
  const bad = say()
  last().answer(REFUSAL)
  expect(await bad).toBe(REFUSAL)
})
