import { describe, expect, it } from 'vitest'
import { Gate, type GateOptions, type Visit } from '../../src/server/gate.ts'
import { FakeClock } from '../support/fake-clock.ts'

const IP = '192.0.2.1'
const JUST_UNDER_ONE = 1 - Number.EPSILON

/** A gate, and the visits of strangers that it lets in, by their number. */
function scene(options: Partial<GateOptions> = {}) {
  const clock = new FakeClock()
  const gate = new Gate({
    maxConnections: 100,
    maxUnauthenticated: 4,
    loopbackExempt: true,
    clock,
    random: () => 0,
    ...options,
  })
  const dropped: number[] = []
  let count = 0
  // Not a default: undefined is an address as well.
  const enter = (...from: readonly (string | undefined)[]): Visit => {
    const number = ++count
    const visit = gate.enter(from.length === 0 ? IP : from[0])
    visit.visitor = { dropped: () => void dropped.push(number) }
    return visit
  }
  return { gate, clock, dropped, enter, enterAll: (number: number) => Array.from({ length: number }, () => enter()) }
}

describe('the limit of connections', () => {
  it('holds for all of them, wherever they come from', () => {
    const { gate, enter } = scene({ maxConnections: 3 })
    for (const ip of [IP, '127.0.0.1', undefined]) {
      expect(gate.refusal(ip)).toBe(undefined)
      enter(ip)
    }
    for (const ip of [IP, '127.0.0.1', undefined])
      expect(gate.refusal(ip)).toMatchObject({ code: 'BUSY', parts: { hint: 'try again later' } })
  })

  it('has room again when one is gone, and not when it has but said HELLO', () => {
    const { gate, enter } = scene({ maxConnections: 1 })
    const visit = enter()
    visit.settled()
    expect(gate.refusal(IP)).toMatchObject({ code: 'BUSY' })
    visit.left()
    visit.left()
    expect(gate.refusal(IP)).toBe(undefined)
  })
})

it('strangers alone never take all places: where they would, one of them has to go', () => {
  const { gate, enter, enterAll, dropped } = scene({ maxConnections: 3, maxUnauthenticated: 50 })
  enterAll(3)
  expect(dropped).toHaveLength(0)
  expect(gate.refusal(IP)).toBe(undefined)
  enter().settled()
  expect(dropped).toHaveLength(1)
  expect(gate.refusal(IP)).toMatchObject({ code: 'BUSY' })
})

describe('a source with a penalty', () => {
  it('is not let in, and told for how long', () => {
    const { gate, clock, enter } = scene()
    const visit = enter()
    for (let time = 0; time < 3; time++) visit.offended('AUTH_FAILED')
    expect(gate.refusal(IP)).toMatchObject({
      code: 'BUSY',
      parts: { reason: 'Too much went wrong from this address', hint: 'try again in 15 s' },
    })
    expect(gate.refusal('192.0.2.2')).toBe(undefined)
    clock.advance(14_001)
    expect(gate.refusal(IP)?.parts.hint).toBe('try again in 1 s')
    clock.advance(999)
    expect(gate.refusal(IP)).toBe(undefined)
  })

  it('is let in after one typo', () => {
    const { gate, enter } = scene()
    enter().offended('AUTH_FAILED')
    expect(gate.refusal(IP)).toBe(undefined)
  })
})

describe('this machine', () => {
  const offend = (visit: Visit) => {
    for (let time = 0; time < 100; time++) visit.offended('AUTH_FAILED')
  }

  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', undefined])('is exempt, as %s', (ip) => {
    const { gate, dropped, enter } = scene()
    offend(enter(ip))
    expect(gate.refusal(ip)).toBe(undefined)
    for (let newcomer = 0; newcomer < 20; newcomer++) enter(ip)
    expect(dropped).toEqual([])
  })

  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('is not exempt where so asked, as %s', (ip) => {
    const { gate, dropped, enter } = scene({ loopbackExempt: false })
    offend(enter(ip))
    expect(gate.refusal(ip)?.parts.hint).toBe('try again in 500 s')
    for (let newcomer = 0; newcomer < 5; newcomer++) enter(ip)
    expect(dropped).toHaveLength(2)
  })

  it('is exempt at a socket of the file system, whatever was asked', () => {
    const { gate, dropped, enter } = scene({ loopbackExempt: false })
    offend(enter(undefined))
    expect(gate.refusal(undefined)).toBe(undefined)
    const visits = Array.from({ length: 20 }, () => gate.enter(undefined))
    expect(visits).toHaveLength(20)
    expect(dropped).toEqual([])
  })

  it.each(['128.0.0.1', '126.255.255.255', '::2', '::ffff:128.0.0.1', '10.0.0.1'])('is not %s', (ip) => {
    const { gate, enter } = scene()
    offend(enter(ip))
    expect(gate.refusal(ip)).toMatchObject({ code: 'BUSY' })
  })
})

describe('where too many have not said HELLO', () => {
  it.each([
    { random: 0, gone: 1 },
    { random: 0.49, gone: 1 },
    { random: 0.5, gone: 2 },
    { random: JUST_UNDER_ONE, gone: 2 },
  ])('one of the older half has to go for a newcomer: at $random it is number $gone', ({ random, gone }) => {
    const { dropped, enterAll } = scene({ random: () => random })
    enterAll(4)
    expect(dropped).toEqual([])
    enterAll(1)
    expect(dropped).toEqual([gone])
  })

  it('a newcomer is never the one to go, even where there is room for one alone', () => {
    const { dropped, enterAll } = scene({ maxUnauthenticated: 1, random: () => JUST_UNDER_ONE })
    enterAll(5)
    expect(dropped).toEqual([1, 2, 3, 4])
  })

  it('those who have said HELLO stay, and take no place among the strangers', () => {
    const { dropped, enterAll } = scene()
    for (const visit of enterAll(4)) visit.settled()
    enterAll(4)
    expect(dropped).toEqual([])
    enterAll(4)
    expect(dropped).toEqual([5, 6, 7, 8])
  })

  it('those who are gone take no place, and are not dropped', () => {
    const { dropped, enterAll } = scene()
    const [first, second] = enterAll(4)
    first?.left()
    second?.left()
    enterAll(2)
    expect(dropped).toEqual([])
    enterAll(1)
    expect(dropped).toEqual([3])
  })

  it('the place of one that is dropped is free at once, also among all connections', () => {
    const { gate, dropped, enterAll } = scene({ maxConnections: 5 })
    enterAll(5)
    expect(dropped).toEqual([1])
    expect(gate.refusal(IP)).toBe(undefined)
    enterAll(1)
    expect(dropped).toEqual([1, 2])
    expect(gate.refusal(IP)).toBe(undefined)
  })

  it('one that is dropped is told so once, and leaves afterwards without harm', () => {
    const { dropped, enterAll } = scene({ maxUnauthenticated: 1 })
    const [first] = enterAll(2)
    first?.settled()
    first?.left()
    enterAll(1)
    expect(dropped).toEqual([1, 2])
  })
})
