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

/** Codes that never stand on the wire. */
const OFF_THE_WIRE = ['CONNECTION_CLOSED', 'IO', 'SLOW_CONSUMER']

const rows: ReadonlyMap<string, CodeRow> = new Map(Object.entries(CODES))
const codes = Object.keys(CODES) as Code[]

describe('CODES', () => {
  it('holds the codes of the contract and no other (R6)', () => {
    expect(codes.toSorted()).toEqual([...CONTRACT.map(([code]) => code), ...OFF_THE_WIRE].toSorted())
  })

  it.each(CONTRACT)('says of %s whether it is fatal (%j) and counted (%j) (R6)', (code, fatal, counted) => {
    expect(rows.get(code)).toMatchObject({ fatal, counted })
  })

  it('calls a retry unsafe where the command may have been carried out, and nowhere else (R6)', () => {
    const unsafe = codes.filter((code) => !CODES[code].retrySafe)
    expect(unsafe.toSorted()).toEqual(['CONNECTION_CLOSED', 'INTERNAL', 'IO', 'SHUTTING_DOWN', 'SLOW_CONSUMER'])
  })

  it.each(codes)('has a sentence for %s that can stand in a reply: sentence case, no full stop', (code) => {
    expect(CODES[code].sentence).toMatch(/^[A-Z][ -~]*[^.!?\s]$/)
  })

  it.each(codes)('spells %s as a word of the grammar', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]{0,31}$/)
  })
})
