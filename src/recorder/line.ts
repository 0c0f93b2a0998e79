import * as crypto from 'node:crypto'
import type { Output } from '../wire/output.ts'
import { constant } from '../wire/template.ts'
import type { GivenEntry } from './entry.ts'
import { writeAscii, writeString } from './json.ts'
import { safeJson, safeWord } from './safe-json.ts'
import type { Stamp } from './stamp.ts'

// A line of the journal, without its newline:
//
//   {"seq":1,"time":"2026-01-02T03:04:05.678Z","mono":12.5,"kind":...,"previous":"<hex>","hash":"<hex>"}
//
// `hash` is the SHA-256 of the line up to its own comma, `previous` that of the line before. So each line vouches for
// all that stand before it, and the last one, which has none behind it, at least for itself.

/** What stands in the journal beside what it was given. */
export interface LostEntry {
  readonly kind: 'lost'
  /** So many entries were dropped, while nothing could be written. */
  readonly count: number
}

/** What the first line of all has in place of the hash of the one before. */
export const NO_HASH = '0'.repeat(64)

/** Node has it since 20.12; it takes half the time. */
const hasHash = typeof crypto.hash === 'function'

export const sha256 = (data: string | Uint8Array): string =>
  hasHash ? crypto.hash('sha256', data, 'hex') : crypto.createHash('sha256').update(data).digest('hex')

/** The end of a line: its hash. */
export const hashField = (hash: string): string => `,"hash":"${hash}"}`

/** How long that is, in bytes. */
export const HASH_FIELD_BYTES = hashField(NO_HASH).length

// Piece by piece: what is put together as a string first is written character by character.

const SEQ = constant('{"seq":')
const PREVIOUS = constant(',"previous":"')
const COMMAND = constant(',"kind":"command","connection":')
const IDENTITY = constant(',"identity":')
const RAN = constant(',"ranMs":')
const ORDER = constant(',"order":')
const MESSAGE = constant(',"message":')
const DECISION = constant(',"decision":')
const REPLY = constant(',"reply":')
const EVENT = constant(',"kind":"event","event":')
const QUOTE = constant('"')
const HASH = constant(',"hash":"')
const END = constant('"}\n')
const COMMA = 0x2c
/** What stands behind what a line tells, in bytes. */
const HASHES_BYTES = PREVIOUS.length + NO_HASH.length + QUOTE.length + HASH.length + NO_HASH.length + END.length

/** What a line tells. */
export type Entry = GivenEntry | LostEntry

/** Appends a line with its newline. Returns its hash. */
export function writeLine(to: Output, seq: number, stamp: Stamp, entry: Entry, previous: string): string {
  const start = to.length
  to.constant(SEQ)
  to.integer(seq)
  stamp.writeFields(to)
  writeFields(to, entry, stamp)
  return writeHashes(to, start, previous)
}

/** Appends a line, with its newline, that has come behind another one. Returns its hash. */
export function linkLine(to: Output, seq: number, line: Uint8Array, previous: string): string {
  const start = to.length
  to.constant(SEQ)
  to.integer(seq)
  to.range(line, line.indexOf(COMMA), line.length - HASHES_BYTES)
  return writeHashes(to, start, previous)
}

function writeHashes(to: Output, start: number, previous: string): string {
  to.constant(PREVIOUS)
  writeAscii(to, previous)
  to.constant(QUOTE)
  const { bytes, end } = to.since(start)
  const hash = sha256(bytes.subarray(start, end))
  to.constant(HASH)
  writeAscii(to, hash)
  to.constant(END)
  return hash
}

function writeFields(to: Output, entry: Entry, stamp: Stamp): void {
  switch (entry.kind) {
    case 'command': {
      const { connection, identity, ranMs, order, message, decision, reply } = entry
      to.constant(COMMAND)
      to.integer(connection)
      if (identity !== undefined) {
        to.constant(IDENTITY)
        to.text(safeWord(identity))
      }
      to.constant(RAN)
      stamp.writeMilliseconds(to, ranMs)
      if (order !== undefined) {
        to.constant(ORDER)
        to.integer(order)
      }
      to.constant(MESSAGE)
      writeString(to, message)
      to.constant(DECISION)
      to.text(safeWord(decision))
      to.constant(REPLY)
      return writeString(to, reply)
    }
    case 'event':
      to.constant(EVENT)
      return writeString(to, entry.event)
    case 'state':
      return to.text(`,"kind":"state","state":${safeJson(entry.state)}`)
    case 'start':
    case 'stop':
      to.text(`,"kind":"${entry.kind}","server":`)
      return writeString(to, entry.server)
    case 'lost':
      return to.text(`,"kind":"lost","count":${entry.count}`)
    default:
      return entry satisfies never
  }
}
