import { describe, expect, it } from 'vitest'
import { NO_FEED } from '../../src/drone/feed.ts'
import { type Ending, Operations } from '../../src/drone/operations.ts'
import { Failure } from '../../src/wire/failure.ts'
import { recordFeed } from './support/prepare.ts'
import { SlowDrone } from './support/slow-drone.ts'

/** As a single session numbers its operations. */
const next = (operations: Operations) => operations.next(1, operations.lastOp + 1)

const KEPT = 1024

function prepare() {
  const drone = new SlowDrone()
  const feed = recordFeed()
  const operations = new Operations(drone, feed)
  const begin = (command: 'MOVE' | 'LAND' = 'MOVE') => {
    const op = next(operations)
    operations.started(op, command, op, 20, 30)
    return op
  }
  const codeOf = (op: number) => {
    const ending = operations.endingOf(op)
    return ending instanceof Failure ? ending.code : ending
  }
  return { drone, feed, operations, begin, codeOf }
}

describe('an operation', () => {
  it('has a number of its own, from 1 on', () => {
    const { operations } = prepare()
    expect([next(operations), next(operations), operations.lastOp]).toEqual([1, 2, 2])
  })

  it('is told to have started with where it leads, and to have arrived with where the drone is', () => {
    const { drone, feed, operations, begin } = prepare()
    begin()
    drone.position = { xM: 0.101, yM: 0.2, zM: -0.3 }
    operations.ended(1, undefined)
    expect(feed.events).toEqual([
      ['STARTED', { op: 1, command: 'MOVE', x: 1, y: 20, z: 30 }],
      ['ARRIVED', { op: 1, command: 'MOVE', x: 10, y: 20, z: -30 }],
    ])
  })

  it.each([
    [new Failure('LINK_LOST', { reason: 'Out of range' }), 'Out of range'],
    [new Failure('LINK_LOST'), 'The link to the drone is lost'],
  ])('that fails is told with its code and why', (failure, reason) => {
    const { feed, operations, begin } = prepare()
    begin('LAND')
    operations.ended(1, failure)
    const values = { op: 1, command: 'LAND', x: 0, y: 0, z: 0, code: 'LINK_LOST', reason }
    expect(feed.events.at(-1)).toEqual(['FAILED', values])
    expect(operations.endingOf(1)).toBe(failure)
    expect(operations.current).toBeUndefined()
  })

  it('is CANCELLED by the next, before that has started', () => {
    const { feed, begin, operations, codeOf } = prepare()
    begin()
    begin('LAND')
    expect(feed.turns).toEqual(['STARTED 1', 'CANCELLED 1', 'STARTED 2'])
    expect(feed.events[1]).toEqual(['CANCELLED', { op: 1, command: 'MOVE', x: 0, y: 0, z: 0 }])
    expect([operations.current?.op, codeOf(1), codeOf(2)]).toEqual([2, 'CANCELLED', undefined])
  })

  it('is CANCELLED where the drone is told to leave off, and once only', () => {
    const { feed, begin, operations, codeOf } = prepare()
    operations.stopped(operations.lastOp)
    begin()
    operations.stopped(1)
    operations.stopped(1)
    operations.ended(1, undefined)
    expect(feed.turns).toEqual(['STARTED 1', 'CANCELLED 1'])
    expect(codeOf(1)).toBe('CANCELLED')
  })

  it('is not ended by one that was cancelled before it', () => {
    const { feed, begin, operations } = prepare()
    begin()
    begin()
    operations.ended(1, undefined)
    expect(operations.current?.op).toBe(2)
    expect(feed.turns).not.toContain('ARRIVED 1')
  })

  it('keeps its number and its end, however many are asked for and refused meanwhile', () => {
    const { feed, operations, begin, codeOf } = prepare()
    const op = begin()
    for (let count = 0; count < 3 * KEPT; count++) operations.next(2, count + 1)
    expect([operations.find(1, 1, 1), operations.numberOf(op), operations.isOf(op, 1)]).toEqual([op, 1, true])
    operations.ended(op, undefined)
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1'])
    expect(codeOf(op)).toBe('ARRIVED')
    for (let count = 0; count < KEPT; count++) operations.next(2, count + 1)
    expect(operations.isKnown(op)).toBe(false)
  })

  it('of a session is never another’s by its number, also when it is long forgotten', () => {
    const { operations, begin, drone } = prepare()
    begin()
    operations.ended(1, undefined)
    for (let count = 0; count < KEPT; count++) begin('LAND')
    expect(drone.told).toEqual([])
    const others = operations.next(2, 1)
    expect(operations.find(1, 1, KEPT + 1)).toBeUndefined()
    // Who was away, and begins anew, may ask for it.
    expect(operations.find(3, 1, 0)).toBe(others)
  })

  it('is told to nobody where nobody has subscribed', () => {
    const operations = new Operations(new SlowDrone(), {
      ...NO_FEED,
      publish: () => expect.unreachable(),
    })
    operations.started(next(operations), 'MOVE', 1, 2, 3)
    operations.ended(1, undefined)
    operations.linkChanged('lost')
    expect(operations.endingOf(1)).toBe('ARRIVED')
  })
})

describe('an operation that is accepted late', () => {
  it('may have ended already', () => {
    const { feed, operations, codeOf } = prepare()
    const op = next(operations)
    operations.ended(op, undefined)
    expect(codeOf(op)).toBeUndefined()
    operations.started(op, 'MOVE', 1, 2, 3)
    expect(feed.turns).toEqual(['STARTED 1', 'ARRIVED 1'])
    expect(operations.current).toBeUndefined()
  })

  it('may have ended already while another was asked for', () => {
    const { operations, codeOf } = prepare()
    const [first, second] = [next(operations), next(operations)]
    operations.ended(first, undefined)
    operations.ended(second, new Failure('LINK_LOST'))
    operations.started(first, 'MOVE', 1, 2, 3)
    operations.started(second, 'MOVE', 1, 2, 3)
    expect([codeOf(first), codeOf(second), operations.current]).toEqual(['ARRIVED', 'LINK_LOST', undefined])
  })

  it('is over where a later one was accepted first, for that is where the drone flies', () => {
    const { feed, operations, codeOf } = prepare()
    const [first, second] = [next(operations), next(operations)]
    operations.started(second, 'LAND', 1, 2, 3)
    operations.started(first, 'MOVE', 1, 2, 3)
    expect(feed.turns).toEqual(['STARTED 2', 'STARTED 1', 'CANCELLED 1'])
    expect([operations.current?.op, codeOf(first)]).toEqual([second, 'CANCELLED'])
  })

  it('is over where the drone was told to leave off behind it', () => {
    const { feed, operations, codeOf } = prepare()
    const op = next(operations)
    operations.stopped(op)
    operations.started(op, 'MOVE', 1, 2, 3)
    expect(feed.turns).toEqual(['STARTED 1', 'CANCELLED 1'])
    expect([operations.current, codeOf(op)]).toEqual([undefined, 'CANCELLED'])
  })

  it('is not over where it was asked for behind that', () => {
    const { operations, begin } = prepare()
    const { lastOp } = operations
    const op = begin()
    operations.stopped(lastOp)
    expect(operations.current?.op).toBe(op)
  })
})

describe('the ends of operations', () => {
  it(`are known of the last ${KEPT}, and of no other`, () => {
    const { operations, begin } = prepare()
    for (let op = 1; op <= KEPT + 10; op++) operations.ended(begin(), undefined)
    const known = [10, 11, KEPT + 10].map((op) => operations.endingOf(op))
    expect(known).toEqual([undefined, 'ARRIVED', 'ARRIVED'])
    for (const op of [0, -1, KEPT + 11, Number.MAX_SAFE_INTEGER]) expect(operations.endingOf(op)).toBeUndefined()
    expect([10, 11, KEPT + 10, KEPT + 11].map((op) => operations.isKnown(op))).toEqual([false, true, true, false])
  })

  it('are told to those who watch for one, once, and to nobody who has called that off', () => {
    const { operations, begin } = prepare()
    const told: string[] = []
    const tell = (who: string) => (ending: Ending) => void told.push(`${who} ${String(ending)}`)
    const op = begin()
    operations.watch(op, tell('a'))
    operations.watch(op, tell('b'))
    operations.watch(op, tell('c'))()
    operations.watch(op + 1, tell('d'))()
    operations.watch(op + 2, tell('e'))
    operations.ended(op, undefined)
    operations.ended(begin(), undefined)
    expect(told).toEqual(['a ARRIVED', 'b ARRIVED'])
  })

  it('are told to those who watch for rest only where no other operation follows', () => {
    const { operations, begin } = prepare()
    const told: unknown[] = []
    operations.watchIdle((ending) => told.push(ending))
    operations.watchIdle(() => expect.unreachable())()
    begin()
    const last = begin()
    expect(told).toEqual([])
    operations.ended(last, undefined)
    operations.ended(begin(), undefined)
    expect(told).toEqual(['ARRIVED'])
  })
})

it('the link is told as it changes', () => {
  const { drone, feed } = prepare()
  drone.observer?.linkChanged('lost')
  drone.observer?.linkChanged('regained')
  expect(feed.events).toEqual([
    ['LINK', { state: 'lost' }],
    ['LINK', { state: 'regained' }],
  ])
})
