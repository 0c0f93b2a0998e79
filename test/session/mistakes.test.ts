import { describe, expect, it } from 'vitest'
import { MAX_MISTAKES_IN_A_ROW, Mistakes } from '../../src/session/mistakes.ts'
import { Failure } from '../../src/wire/failure.ts'

const MISTAKE = new Failure('UNKNOWN_COMMAND')

const repeat = (mistakes: Mistakes, times: number, state: 'Handshake' | 'Authenticated') =>
  Array.from({ length: times }, () => mistakes.judge(MISTAKE, state).code)

describe('TOO_MANY_ERRORS', () => {
  it('answers the 10th mistake in a row, and names its code as the cause', () => {
    const mistakes = new Mistakes()
    expect(repeat(mistakes, 9, 'Authenticated')).toEqual(Array(9).fill('UNKNOWN_COMMAND'))
    const last = mistakes.judge(new Failure('BAD_ARGUMENT', { param: 'X', reason: 'X is bad' }), 'Authenticated')
    expect(last.code).toBe('TOO_MANY_ERRORS')
    expect(last.parts).toMatchObject({ fatal: true, param: 'X', details: { Cause: 'BAD_ARGUMENT' } })
  })

  it.each(['TIMEOUT', 'INTERNAL'] as const)('does not count %s', (code) => {
    const mistakes = new Mistakes()
    for (let i = 0; i < 20; i++) expect(mistakes.judge(new Failure(code), 'Authenticated').code).toBe(code)
  })

  it('begins anew after a success, once HELLO has succeeded', () => {
    const mistakes = new Mistakes()
    repeat(mistakes, 9, 'Authenticated')
    mistakes.succeeded('Authenticated')
    expect(repeat(mistakes, 9, 'Authenticated')).not.toContain('TOO_MANY_ERRORS')
  })

  it('adds up before HELLO has succeeded, whatever succeeds between', () => {
    const mistakes = new Mistakes()
    for (let i = 1; i < MAX_MISTAKES_IN_A_ROW; i++) {
      expect(mistakes.judge(MISTAKE, 'Handshake').code).toBe('UNKNOWN_COMMAND')
      mistakes.succeeded('Handshake')
    }
    expect(mistakes.judge(MISTAKE, 'Handshake').code).toBe('TOO_MANY_ERRORS')
  })
})

describe('what a failure comes to', () => {
  it('is fatal for AUTH_FAILED at the third time', () => {
    const mistakes = new Mistakes()
    const fatal = () => mistakes.judge(new Failure('AUTH_FAILED'), 'Handshake').parts.fatal
    expect([fatal(), fatal(), fatal()]).toEqual([false, false, true])
  })

  it('is fatal for PARSE only where the failure says so', () => {
    const fatal = (failure: Failure) => new Mistakes().judge(failure, 'Authenticated').parts.fatal
    expect(fatal(new Failure('PARSE'))).toBe(false)
    expect(fatal(new Failure('PARSE', { fatal: true }))).toBe(true)
  })

  it('leaves out what was found before HELLO has succeeded, and keeps it afterwards (R4)', () => {
    const failure = new Failure('BAD_ARGUMENT', { found: '"s3cret"' })
    expect(new Mistakes().judge(failure, 'Handshake').parts.found).toBeUndefined()
    expect(new Mistakes().judge(failure, 'Authenticated').parts.found).toBe('"s3cret"')
  })
})
