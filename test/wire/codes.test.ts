import { describe, expect, it } from 'vitest'
import { CODES, type Code, type CodeRow } from '../../src/wire/codes.ts'

const NEVER = false
const ALWAYS = true
const COUNTED = true
const UNCOUNTED = false

/** The table of section 4, row by row. */
const CONTRACT: readonly (readonly [code: string, fatal: boolean | number, counted: boolean])[] = [
  ['PARSE', NEVER, COUNTED],
  ['INVALID_UTF8', ALWAYS, UNCOUNTED],
  ['MESSAGE_TOO_BIG', ALWAYS, UNCOUNTED],
  ['BARE_LF', ALWAYS, UNCOUNTED],
  ['INCOMPLETE', ALWAYS, UNCOUNTED],
  ['DUPLICATE_HEADER', NEVER, COUNTED],
  ['TOO_MANY_HEADERS', NEVER, COUNTED],
  ['UNKNOWN_HEADER', NEVER, COUNTED],
  ['UNKNOWN_COMMAND', NEVER, COUNTED],
  ['MISSING_ARGUMENT', NEVER, COUNTED],
  ['BAD_ARGUMENT', NEVER, COUNTED],
  ['OUT_OF_RANGE', NEVER, COUNTED],
  ['TOO_MANY_ARGUMENTS', NEVER, COUNTED],
  ['EXPECTED_HANDSHAKE', NEVER, COUNTED],
  ['AUTH_FAILED', 3, UNCOUNTED],
  ['VERSION_UNSUPPORTED', NEVER, COUNTED],
  ['WRONG_STATE', NEVER, COUNTED],
  ['TIMEOUT', NEVER, UNCOUNTED],
  ['INTERNAL', NEVER, UNCOUNTED],
  ['TOO_MANY_ERRORS', ALWAYS, UNCOUNTED],
  ['HANDSHAKE_TIMEOUT', ALWAYS, UNCOUNTED],
  ['MESSAGE_TIMEOUT', ALWAYS, UNCOUNTED],
  ['IDLE_TIMEOUT', ALWAYS, UNCOUNTED],
  ['BUSY', ALWAYS, UNCOUNTED],
  ['SHUTTING_DOWN', ALWAYS, UNCOUNTED],
]

/** What flight adds to it. */
const OF_FLIGHT: typeof CONTRACT = [
  ['CANCELLED', NEVER, UNCOUNTED],
  ['NOT_FLYING', NEVER, UNCOUNTED],
  ['OUT_OF_FENCE', NEVER, UNCOUNTED],
  ['LOW_BATTERY', NEVER, UNCOUNTED],
  ['UNSUPPORTED', NEVER, UNCOUNTED],
  ['LINK_LOST', NEVER, UNCOUNTED],
]

/** What safety adds to that. */
const OF_SAFETY: typeof CONTRACT = [
  ['EXPIRED', NEVER, UNCOUNTED],
  ['KEY_CONFLICT', NEVER, COUNTED],
  ['NOT_IN_CONTROL', NEVER, UNCOUNTED],
  ['FORBIDDEN', NEVER, UNCOUNTED],
  ['RECORDER_UNAVAILABLE', NEVER, UNCOUNTED],
]

/** Codes that never stand on the wire. */
const OFF_THE_WIRE = ['CONNECTION_CLOSED', 'IO', 'SLOW_CONSUMER']

const rows: ReadonlyMap<string, CodeRow> = new Map(Object.entries(CODES))
const codes = Object.keys(CODES) as Code[]

describe('CODES', () => {
  it('holds the codes of the contract, of flight and of safety, and no other (R6)', () => {
    const told = [...CONTRACT, ...OF_FLIGHT, ...OF_SAFETY].map(([code]) => code)
    expect(codes.toSorted()).toEqual([...told, ...OFF_THE_WIRE].toSorted())
  })

  it('has the codes of flight behind those of the contract, and those of safety behind both: rows are only ever added (R6)', () => {
    const added: string[] = [...OF_FLIGHT, ...OF_SAFETY].map(([code]) => code)
    expect(codes.filter((code) => added.includes(code))).toEqual(added)
    const before = CONTRACT.map(([code]) => code)
    expect(codes.filter((code) => before.includes(code)).toSorted()).toEqual(before.toSorted())
    const lastOfContract = Math.max(...before.map((code) => codes.indexOf(code as Code)))
    expect(lastOfContract).toBeLessThan(codes.indexOf(added[0] as Code))
  })

  it.each([...CONTRACT, ...OF_FLIGHT, ...OF_SAFETY])(
    'says of %s whether it is fatal (%j) and counted (%j) (R6)',
    (code, fatal, counted) => {
      expect(rows.get(code)).toMatchObject({ fatal, counted })
    },
  )

  it('calls a retry unsafe where the command may have been carried out, and nowhere else (R6)', () => {
    const unsafe = codes.filter((code) => !CODES[code].retrySafe)
    const ofFlight = ['CANCELLED', 'LINK_LOST']
    const others = ['CONNECTION_CLOSED', 'INTERNAL', 'IO', 'SHUTTING_DOWN', 'SLOW_CONSUMER']
    expect(unsafe.toSorted()).toEqual([...ofFlight, ...others].toSorted())
  })

  it.each(codes)('has a sentence for %s that can stand in a reply: sentence case, no full stop', (code) => {
    expect(CODES[code].sentence).toMatch(/^[A-Z][ -~]*[^.!?\s]$/)
  })

  it.each(codes)('spells %s as a word of the grammar', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]{0,31}$/)
  })
})
