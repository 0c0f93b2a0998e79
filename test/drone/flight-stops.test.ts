import { describe, expect, it } from 'vitest'
import { AT_ONCE, prepare, to } from './support/prepare.ts'

/** Two metres up, a metre to the east of the start, on its way further east. */
function fly() {
  const all = prepare()
  const { clock, handlers, context, feed } = all
  handlers.MOVE(to(0, 0, 200), context)
  clock.advance(2000)
  handlers.MOVE(to(1000, 0), context)
  clock.advance(1000)
  feed.events.length = 0
  return all
}

describe('LAND', () => {
  it('leads to the ground below, and is the same operation however often it is said on the way', () => {
    const { clock, handlers, context, feed } = fly()
    expect(handlers.LAND(AT_ONCE, context)).toEqual({ op: 3 })
    clock.advance(500)
    expect(handlers.LAND(AT_ONCE, context)).toEqual({ op: 3 })
    clock.advance(1500)
    expect(feed.turns).toEqual(['CANCELLED 2', 'STARTED 3', 'ARRIVED 3'])
    expect(feed.events[1]).toEqual(['STARTED', { op: 3, command: 'LAND', x: 100, y: 0, z: 0 }])
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'landed', x: 100, y: 0, z: 0 })
  })

  it('that another session has said is the same operation, by a number of one’s own', async () => {
    const { clock, handlers, context, feed } = fly()
    const other = { ...context, session: context.session + 1, nextOperation: () => 1 }
    expect(handlers.LAND(AT_ONCE, context)).toEqual({ op: 3 })
    expect(handlers.LAND(AT_ONCE, other)).toEqual({ op: 1 })
    const ended = [
      handlers.WAIT({ op: 1, timeout: 60_000 }, other),
      handlers.LAND({ wait: 'yes' }, other),
      handlers.WAIT({ op: 3, timeout: 60_000 }, context),
    ]
    clock.advance(1999)
    expect(feed.turns).toEqual(['CANCELLED 2', 'STARTED 3'])
    clock.advance(1)
    expect(await Promise.all(ended)).toEqual([{ x: 100, y: 0, z: 0 }, { op: 1 }, { x: 100, y: 0, z: 0 }])
    expect(feed.turns).toEqual(['CANCELLED 2', 'STARTED 3', 'ARRIVED 3'])
  })

  it('on the ground is done at once, and the drone stays there', () => {
    const { clock, handlers, context, feed } = prepare({ drone: { landed: true } })
    expect(handlers.LAND(AT_ONCE, context)).toEqual({ op: 1 })
    expect(handlers.LAND(AT_ONCE, context)).toEqual({ op: 2 })
    clock.advance(60_000)
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1', 'STARTED 2', 'ARRIVED 2'])
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'landed' })
  })

  it('is called off by a later MOVE', () => {
    const { handlers, context, feed } = fly()
    handlers.LAND(AT_ONCE, context)
    handlers.MOVE(to(0, 0), context)
    expect(feed.turns.slice(2)).toEqual(['CANCELLED 3', 'STARTED 4'])
  })
})

describe('STOP', () => {
  it('has the drone hover where it is, tells where, and cancels what was under way', () => {
    const { clock, handlers, context, feed } = fly()
    expect(handlers.STOP({}, context)).toEqual({ x: 100, y: 0, z: 200 })
    clock.advance(60_000)
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'hovering', x: 100, y: 0, z: 200 })
    expect(feed.turns).toEqual(['CANCELLED 2'])
  })

  it.each([{}, { drone: { landed: true } }])('may be said again and again, and where nothing flies: %j', (options) => {
    const { handlers, context, feed } = prepare(options)
    const before = handlers.STATUS({}, context)
    for (let time = 0; time < 3; time++) expect(handlers.STOP({}, context)).toEqual({ x: 0, y: 0, z: 0 })
    expect(handlers.STATUS({}, context)).toEqual(before)
    expect(feed.events).toEqual([])
  })

  it('ends a landing in the air', () => {
    const { clock, handlers, context } = fly()
    handlers.LAND(AT_ONCE, context)
    clock.advance(500)
    expect(handlers.STOP({}, context)).toEqual({ x: 100, y: 0, z: 150 })
    clock.advance(60_000)
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'hovering', z: 150 })
  })
})

describe('EMERGENCY', () => {
  it('drops the drone that it names, and cancels what was under way', () => {
    const { clock, handlers, context, feed } = fly()
    expect(handlers.EMERGENCY({ drone: 'sim' }, context)).toEqual({ drone: 'sim' })
    clock.advance(60_000)
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'landed', x: 100, y: 0, z: 0 })
    expect(feed.turns).toEqual(['CANCELLED 2'])
    expect(handlers.EMERGENCY({ drone: 'sim' }, context)).toEqual({ drone: 'sim' })
    expect(handlers.MOVE(to(1, 1), context)).toMatchObject({ code: 'NOT_FLYING' })
  })

  it.each(['', 'SIM', 'sim2', 'other', 'constructor'])('leaves everything as it is where it names %j', (drone) => {
    const { handlers, context, feed } = fly()
    expect(handlers.EMERGENCY({ drone }, context)).toMatchObject({
      code: 'BAD_ARGUMENT',
      parts: { param: 'Drone', hint: 'this one is called sim' },
    })
    expect(feed.events).toEqual([])
    expect(handlers.STATUS({}, context)).toMatchObject({ state: 'moving' })
  })
})

describe('SUBSCRIBE and UNSUBSCRIBE', () => {
  it('tell what was asked for, TELEMETRY 10 times a second where no rate is given', () => {
    const { handlers, context, subscriptions } = prepare()
    expect(handlers.SUBSCRIBE({ topic: 'TELEMETRY', rate: undefined }, context)).toEqual({
      topic: 'TELEMETRY',
      rate: 10,
      session: 1,
    })
    expect(handlers.SUBSCRIBE({ topic: 'TELEMETRY', rate: 50 }, context)).toMatchObject({ rate: 50 })
    expect(handlers.SUBSCRIBE({ topic: 'LINK', rate: undefined }, context)).toEqual({ topic: 'LINK', session: 1 })
    expect(subscriptions.get('TELEMETRY')).toBe(50)
    expect(handlers.UNSUBSCRIBE({ topic: 'LINK' }, context)).toEqual({ topic: 'LINK' })
    expect([...subscriptions.keys()]).toEqual(['TELEMETRY'])
    expect(handlers.UNSUBSCRIBE({ topic: undefined }, context)).toEqual({ topic: undefined })
    expect(subscriptions.size).toBe(0)
  })

  it.each(['OPS', 'LINK'] as const)('take no Rate for %s, and then begin nothing', (topic) => {
    const { handlers, context, subscriptions } = prepare()
    expect(handlers.SUBSCRIBE({ topic, rate: 10 }, context)).toMatchObject({
      code: 'BAD_ARGUMENT',
      parts: { param: 'Rate' },
    })
    expect(subscriptions.size).toBe(0)
  })
})

it('WRITE counts the bytes of a text, not its characters', () => {
  const { handlers, context } = prepare()
  expect(handlers.WRITE({ text: 'grüße' }, context)).toEqual({ bytes: 7 })
})
