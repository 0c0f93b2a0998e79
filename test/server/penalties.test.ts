import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Penalties } from '../../src/server/penalties.ts'
import type { Code } from '../../src/wire/codes.ts'
import { FakeClock } from '../support/fake-clock.ts'

const IP = '192.0.2.1'
const MAX_SOURCES = 65_536

function scene() {
  const clock = new FakeClock()
  const penalties = new Penalties(clock)
  const offend = (ip: string, code: Code, times = 1) => {
    for (let time = 0; time < times; time++) penalties.add(ip, code)
  }
  return { clock, penalties, offend }
}

describe('a penalty', () => {
  it('keeps nobody out after one typo, nor after two', () => {
    const { penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(0)
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(0)
  })

  it('keeps a source out for 15 s after the third wrong token, and no other', () => {
    const { clock, penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 3)
    expect(penalties.remainingMs(IP)).toBe(15_000)
    expect(penalties.remainingMs('192.0.2.2')).toBe(0)
    clock.advance(14_999)
    expect(penalties.remainingMs(IP)).toBe(1)
    clock.advance(1)
    expect(penalties.remainingMs(IP)).toBe(0)
  })

  it('grows by one second with each that never says HELLO', () => {
    const { penalties, offend } = scene()
    offend(IP, 'HANDSHAKE_TIMEOUT', 14)
    expect(penalties.remainingMs(IP)).toBe(0)
    offend(IP, 'HANDSHAKE_TIMEOUT')
    expect(penalties.remainingMs(IP)).toBe(15_000)
  })

  it.each(['PARSE', 'TOO_MANY_ERRORS', 'BUSY', 'IDLE_TIMEOUT', 'SHUTTING_DOWN'] as const)(
    'is not given for %s',
    (code) => {
      const { penalties, offend } = scene()
      offend(IP, code, 1000)
      expect(penalties.remainingMs(IP)).toBe(0)
      expect(penalties.size).toBe(0)
    },
  )

  it('decays: two typos are forgotten after 10 s, and count for half after 5 s', () => {
    const { clock, penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 2)
    clock.advance(10_000)
    offend(IP, 'AUTH_FAILED', 2)
    expect(penalties.remainingMs(IP)).toBe(0)
    clock.advance(5_000)
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(0)
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(15_000)
  })

  it('begins anew once it has run out', () => {
    const { clock, penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 3)
    clock.advance(15_000)
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(0)
  })

  it('goes on to hold for one who offends while it does, however little of it is left', () => {
    const { clock, penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 3)
    clock.advance(14_000)
    offend(IP, 'HANDSHAKE_TIMEOUT')
    expect(penalties.remainingMs(IP)).toBe(2_000)
  })

  it('is 600 s at the most, at any moment', () => {
    const { clock, penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 1000)
    expect(penalties.remainingMs(IP)).toBe(600_000)
    clock.advance(1_000)
    expect(penalties.remainingMs(IP)).toBe(599_000)
    offend(IP, 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(600_000)
  })
})

describe('the source of an address', () => {
  it.each([
    { what: 'IPv4 addresses', one: '192.0.2.1', other: '192.0.2.2', same: false },
    { what: 'an IPv4 address and its form in IPv6', one: '192.0.2.1', other: '::ffff:192.0.2.1', same: true },
    { what: 'IPv4 addresses in IPv6', one: '::ffff:192.0.2.1', other: '::ffff:192.0.2.2', same: false },
    { what: 'a network of IPv6', one: '2001:db8::1', other: '2001:db8::ffff:1:2:3', same: true },
    { what: 'neighbouring networks of IPv6', one: '2001:db8::1', other: '2001:db8:0:1::1', same: false },
    { what: 'a link of IPv6, with and without its name', one: 'fe80::1%eth0', other: 'fe80::2', same: true },
    { what: 'zeros in front', one: '::1', other: '::2:0:0:1', same: true },
    { what: 'zeros at the end', one: '2001:db8:1:2::', other: '2001:db8:1:2:3:4:5:6', same: true },
  ])('is told apart: $what, the same $same', ({ one, other, same }) => {
    for (const [offender, asker] of [
      [one, other],
      [other, one],
    ] as const) {
      const { penalties, offend } = scene()
      offend(offender, 'AUTH_FAILED', 3)
      expect(penalties.remainingMs(asker)).toBe(same ? 15_000 : 0)
    }
  })

  it('is of IPv6 the first 64 bits, wherever the zeros stand that are left out', () => {
    // With few values the zeros are many, and two addresses often agree.
    const groups = fc.array(fc.constantFrom(0, 0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 })
    // The form that is written everywhere (RFC 5952), by those who wrote URL.
    const format = (address: readonly number[]) =>
      new URL(`http://[${address.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1)
    const network = (address: readonly number[]) => address.slice(0, 4).join()
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        const { penalties, offend } = scene()
        offend(format(one), 'AUTH_FAILED', 3)
        expect(penalties.remainingMs(format(other)) > 0).toBe(network(one) === network(other))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the table of sources', () => {
  const source = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`

  it('is bounded, and forgets whoever offended first', () => {
    const { penalties, offend } = scene()
    offend(IP, 'AUTH_FAILED', 3)
    for (let index = 1; index < MAX_SOURCES; index++) offend(source(index), 'AUTH_FAILED')
    expect(penalties.size).toBe(MAX_SOURCES)
    expect(penalties.remainingMs(IP)).toBe(15_000)
    offend(source(MAX_SOURCES), 'AUTH_FAILED')
    expect(penalties.size).toBe(MAX_SOURCES)
    expect(penalties.remainingMs(IP)).toBe(0)
  })

  it('keeps whoever goes on, and forgets nobody for one that it has already', () => {
    const { penalties, offend } = scene()
    offend(source(0), 'AUTH_FAILED')
    offend(IP, 'AUTH_FAILED', 3)
    for (let index = 2; index < MAX_SOURCES; index++) offend(source(index), 'AUTH_FAILED')
    offend(IP, 'AUTH_FAILED')
    expect(penalties.size).toBe(MAX_SOURCES)
    for (const index of [0, 1]) offend(source(MAX_SOURCES + index), 'AUTH_FAILED')
    expect(penalties.remainingMs(IP)).toBe(20_000)
  })
})
