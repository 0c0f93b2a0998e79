import { describe, expect, it } from 'vitest'
import { Deadlines } from '../../src/session/deadlines.ts'

const TIMEOUTS = { handshakeMs: 60, messageMs: 10, idleMs: 600, commandMs: 0 }
const START = 1000

const begin = (timeouts = TIMEOUTS) => new Deadlines(timeouts, START)

describe('the handshake deadline', () => {
  it('runs from accept to the success of HELLO, whatever else comes', () => {
    const deadlines = begin()
    deadlines.active(START + 50)
    expect(deadlines.next(false)).toBe(START + 60)
    expect(deadlines.passed(START + 59, false)).toBeUndefined()
    expect(deadlines.passed(START + 60, false)).toBe('HANDSHAKE_TIMEOUT')
    deadlines.greeted(0)
    expect(deadlines.passed(START + 60, false)).toBeUndefined()
  })
})

describe('the message deadline', () => {
  it('runs from the first byte of a message, and a trickle does not extend it', () => {
    const deadlines = begin()
    deadlines.read(START + 1, true)
    deadlines.read(START + 9, true)
    expect(deadlines.next(false)).toBe(START + 11)
    expect(deadlines.passed(START + 11, false)).toBe('MESSAGE_TIMEOUT')
  })

  it('ends with the message, and begins anew with the next', () => {
    const deadlines = begin()
    deadlines.read(START + 1, true)
    deadlines.active(START + 5)
    deadlines.read(START + 5, true)
    expect(deadlines.next(false)).toBe(START + 15)
    deadlines.read(START + 6, false)
    expect(deadlines.passed(START + 15, false)).toBeUndefined()
  })

  it('stands still while nothing is read', () => {
    const deadlines = begin()
    deadlines.read(START, true)
    deadlines.pause(START + 4)
    deadlines.pause(START + 6)
    expect(deadlines.passed(START + 50, false)).toBeUndefined()
    deadlines.resume(START + 50)
    expect(deadlines.passed(START + 55, false)).toBeUndefined()
    expect(deadlines.passed(START + 56, false)).toBe('MESSAGE_TIMEOUT')
  })

  it('counts of a pause only what comes after the first byte, however the bytes were cut', () => {
    const deadlines = begin()
    deadlines.greeted(0)
    deadlines.pause(START)
    deadlines.read(START + 500, true)
    deadlines.resume(START + 500)
    expect(deadlines.passed(START + 509, false)).toBeUndefined()
    expect(deadlines.passed(START + 510, false)).toBe('MESSAGE_TIMEOUT')
  })

  it('is not set by a pause between messages', () => {
    const deadlines = begin({ ...TIMEOUTS, handshakeMs: 0, idleMs: 0, commandMs: 0 })
    deadlines.pause(START)
    deadlines.resume(START + 5)
    expect(deadlines.next(false)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the idle deadline', () => {
  it('runs since the last complete message or answer', () => {
    const deadlines = begin()
    deadlines.greeted(0)
    deadlines.active(START + 100)
    expect(deadlines.next(false)).toBe(START + 700)
    expect(deadlines.passed(START + 700, false)).toBe('IDLE_TIMEOUT')
  })

  it('stands still while the client does not take its replies, and then begins anew', () => {
    const deadlines = begin()
    deadlines.greeted(0)
    deadlines.pause(START + 100)
    expect(deadlines.passed(START + 5000, false)).toBeUndefined()
    deadlines.resume(START + 5000)
    expect(deadlines.next(false)).toBe(START + 5600)
  })
})

it('has no deadline that is set to 0', () => {
  const deadlines = begin({ handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 })
  deadlines.read(START, true)
  expect(deadlines.next(false)).toBe(Number.POSITIVE_INFINITY)
  expect(deadlines.passed(Number.MAX_SAFE_INTEGER, false)).toBeUndefined()
})
