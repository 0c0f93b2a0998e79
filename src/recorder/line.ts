import * as crypto from 'node:crypto'
import type { GivenEntry } from './entry.ts'
import type { JsonBytes } from './json-bytes.ts'
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

export const sha256 = (data: string | Buffer): string =>
  hasHash ? crypto.hash('sha256', data, 'hex') : crypto.createHash('sha256').update(data).digest('hex')

/** The end of a line: its hash. */
export const hashField = (hash: string): string => `,"hash":"${hash}"}`

/** How long that is, in bytes. */
export const HASH_FIELD_BYTES = hashField(NO_HASH).length

// Piece by piece: a template would be put together first, and then its characters taken one by one.

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const SEQ = ascii('{"seq":')
const PREVIOUS = ascii(',"previous":"')
const COMMAND = ascii(',"kind":"command","connection":')
const IDENTITY = ascii(',"identity":')
const RAN = ascii(',"ranMs":')
const ORDER = ascii(',"order":')
const MESSAGE = ascii(',"message":')
const DECISION = ascii(',"decision":')
const REPLY = ascii(',"reply":')
const EVENT = ascii(',"kind":"event","event":')
const QUOTE = ascii('"')
const HASH = ascii(',"hash":"')
const END = ascii('"}\n')
const COMMA = 0x2c
/** What stands behind what a line tells, in bytes. */
const HASHES_BYTES = PREVIOUS.length + NO_HASH.length + QUOTE.length + HASH.length + NO_HASH.length + END.length

/** What a line tells. */
export type Entry = GivenEntry | LostEntry

/** Appends a line with its newline. Returns its hash. */
export function writeLine(to: JsonBytes, seq: number, stamp: Stamp, entry: Entry, previous: string): string {
  const start = to.length
  to.constant(SEQ)
  to.integer(seq)
  stamp.writeFields(to)
  writeFields(to, entry, stamp)
  return writeHashes(to, start, previous)
}

/** Appends a line, with its newline, that has come behind another one. Returns its hash. */
export function linkLine(to: JsonBytes, seq: number, line: Uint8Array, previous: string): string {
  const start = to.length
  to.constant(SEQ)
  to.integer(seq)
  to.range(line, line.indexOf(COMMA), line.length - HASHES_BYTES)
  return writeHashes(to, start, previous)
}

function writeHashes(to: JsonBytes, start: number, previous: string): string {
  to.constant(PREVIOUS)
  to.word(previous)
  to.constant(QUOTE)
  const hash = sha256(to.bytes.subarray(start, to.length))
  to.constant(HASH)
  to.word(hash)
  to.constant(END)
  return hash
}

function writeFields(to: JsonBytes, entry: Entry, stamp: Stamp): void {
  switch (entry.kind) {
    case 'command': {
      const { connection, identity, ranMs, order, message, decision, reply } = entry
      to.constant(COMMAND)
      to.integer(connection)
      if (identity !== undefined) {
        to.constant(IDENTITY)
        to.ascii(safeWord(identity))
      }
      to.constant(RAN)
      stamp.writeMilliseconds(to, ranMs)
      if (order !== undefined) {
        to.constant(ORDER)
        to.integer(order)
      }
      to.constant(MESSAGE)
      to.string(message)
      to.constant(DECISION)
      to.ascii(safeWord(decision))
      to.constant(REPLY)
      return to.string(reply)
    }
    case 'event':
      to.constant(EVENT)
      return to.string(entry.event)
    case 'state':
      return to.ascii(`,"kind":"state","state":${safeJson(entry.state)}`)
    case 'start':
    case 'stop':
      to.ascii(`,"kind":"${entry.kind}","server":`)
      return to.string(entry.server)
    case 'lost':
      return to.ascii(`,"kind":"lost","count":${entry.count}`)
    default:
      return entry satisfies never
  }
}
