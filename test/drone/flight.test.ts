import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/wire/failure.ts'
import { AT_ONCE, patience, prepare, to, WHEN_DONE } from './support/prepare.ts'

describe('MOVE', () => {
  it('is answered when it is accepted, with the number of the operation, and Z where it was given', () => {
    const { handlers, context, feed } = prepare()
    expect(handlers.MOVE(to(10, 20), context)).toEqual({ x: 10, y: 20, z: undefined, op: 1 })
    expect(handlers.MOVE(to(10, 20, 30), context)).toEqual({ x: 10, y: 20, z: 30, op: 2 })
    expect(feed.turns).toEqual(['STARTED 1', 'CANCELLED 1', 'STARTED 2'])
  })

  it('flies at the altitude last aimed at where none is given, also after a landing that was called off', () => {
    const { clock, handlers, context, feed } = prepare()
    handlers.MOVE(to(0, 0, 500), context)
    clock.advance(1000)
    handlers.MOVE(to(100, 0), context)
    handlers.LAND(AT_ONCE, context)
    handlers.MOVE(to(200, 0), context)
    const altitudes = feed.events.filter(([name]) => name === 'STARTED').map(([, { z }]) => z)
    expect(altitudes).toEqual([500, 500, 0, 500])
  })

  it.each([
    [-2147483648, 2147483647, 2147483647],
    [2147483647, -2147483648, -2147483648],
  ])('takes %i, %i, %i, and gets there to the centimetre', (x, y, z) => {
    const { clock, handlers, context, drone } = prepare()
    handlers.MOVE(to(x, y, z, { speed: 1000 }), context)
    clock.advance(10 * 2 ** 32)
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'hovering', x, y, z })
    expect(drone.telemetry().position.xM).toBe(x / 100)
  })
})

describe('TAKEOFF', () => {
  it('leaves the ground, tells to which altitude, and leads straight up', () => {
    const { clock, handlers, context, feed } = prepare({ drone: { landed: true } })
    expect(handlers.TAKEOFF({ z: 150, wait: undefined }, context)).toEqual({ z: 150, op: 1 })
    expect(feed.events).toEqual([['STARTED', { op: 1, command: 'TAKEOFF', x: 0, y: 0, z: 150 }]])
    clock.advance(1500)
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1'])
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'hovering', z: 150 })
  })
})

describe('Wait: yes', () => {
  it.each([
    ['TAKEOFF', { drone: { landed: true } }, { z: 100, op: 1 }],
    ['MOVE', {}, { x: 100, y: 0, z: undefined, op: 1 }],
  ] as const)('holds the reply to %s back until it is done', async (command, options, reply) => {
    const { clock, handlers, context } = prepare(options)
    const answer =
      command === 'MOVE'
        ? handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
        : handlers.TAKEOFF({ z: 100, ...WHEN_DONE }, context)
    let isAnswered = false
    const answered = Promise.resolve(answer).then((told) => {
      isAnswered = true
      return told
    })
    clock.advance(999)
    await Promise.resolve()
    expect(isAnswered).toBe(false)
    clock.advance(1)
    expect(await answered).toEqual(reply)
  })

  it('is answered with how it ended, and of which operation, where that was not well', async () => {
    const { handlers, context } = prepare()
    const answer = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    handlers.MOVE(to(0, 0), context)
    const parts = { reason: 'Another operation took its place', details: { Op: '1' } }
    expect(await answer).toMatchObject({ code: 'CANCELLED', parts })
  })

  it('of a landing is told when it is done, also to who asks for it a second time', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(0, 0, 100), context)
    clock.advance(1000)
    const answers = [handlers.LAND(WHEN_DONE, context), handlers.LAND(WHEN_DONE, context)]
    clock.advance(1000)
    expect(await Promise.all(answers)).toEqual([{ op: 2 }, { op: 2 }])
  })

  it('is let go of when nobody can be answered any more', async () => {
    const { abort, handlers, context } = prepare()
    const answer = handlers.MOVE(to(100, 0, undefined, WHEN_DONE), context)
    abort.abort()
    expect(await answer).toBeInstanceOf(Failure)
  })
})

describe('WAIT', () => {
  it('answers at once where the drone stands where it was told to be', () => {
    const { handlers, context } = prepare()
    expect(handlers.WAIT(patience(), context)).toEqual({ x: 0, y: 0, z: 0 })
  })

  it('answers with the place when the drone has arrived, and leaves no timer', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(), context)
    clock.advance(1000)
    expect(await answer).toEqual({ x: 100, y: 0, z: 0 })
    expect(clock.timers).toBe(0)
  })

  it('waits for the last operation, whoever began it meanwhile', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(), context)
    clock.advance(500)
    handlers.MOVE(to(0, 0), context)
    clock.advance(500)
    expect(await answer).toEqual({ x: 0, y: 0, z: 0 })
  })

  it('fails with TIMEOUT when its time has run out, and leaves no timer but the drone’s', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(500), context)
    clock.advance(500)
    expect(await answer).toMatchObject({ code: 'TIMEOUT' })
    expect(clock.timers).toBe(1)
  })

  it('lets go of everything but the drone’s timer when nobody can be answered any more', async () => {
    const { clock, abort, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(500), context)
    abort.abort()
    expect(await answer).toBeInstanceOf(Failure)
    expect(clock.timers).toBe(1)
  })

  it('fails with CANCELLED where the drone is stopped on its way', async () => {
    const { handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(), context)
    handlers.STOP({}, context)
    expect(await answer).toMatchObject({ code: 'CANCELLED', parts: { reason: 'The drone was stopped' } })
  })
})

describe('WAIT with an Op', () => {
  it('waits for that operation, and not for the one that takes its place', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(60_000, 1), context)
    clock.advance(500)
    handlers.MOVE(to(0, 0), context)
    expect(await answer).toMatchObject({ code: 'CANCELLED', parts: { details: { Op: '1' } } })
  })

  it('answers with where the drone is when it has arrived, and at once where it had', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    const answer = handlers.WAIT(patience(60_000, 1), context)
    clock.advance(1000)
    expect(await answer).toEqual({ x: 100, y: 0, z: 0 })
    expect(handlers.WAIT(patience(60_000, 1), context)).toEqual({ x: 100, y: 0, z: 0 })
  })

  it('fails at once where it was cancelled, with TIMEOUT and the Op where it takes too long', async () => {
    const { clock, handlers, context } = prepare()
    handlers.MOVE(to(100, 0), context)
    handlers.MOVE(to(0, 500), context)
    expect(handlers.WAIT(patience(60_000, 1), context)).toMatchObject({ code: 'CANCELLED' })
    const answer = handlers.WAIT(patience(10, 2), context)
    clock.advance(10)
    expect(await answer).toMatchObject({ code: 'TIMEOUT', parts: { details: { Op: '2' } } })
  })

  it.each([1, 7, Number.MAX_SAFE_INTEGER])('refuses %i, which nobody began', (op) => {
    const { handlers, context } = prepare()
    expect(handlers.WAIT(patience(60_000, op), context)).toMatchObject({ code: 'BAD_ARGUMENT', parts: { param: 'Op' } })
  })
})
