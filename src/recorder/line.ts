import * as crypto from 'node:crypto'
import type { JournalEntry } from './journal.ts'
import { safeJson, safeWord } from './safe-json.ts'

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

/** A line but for what it gets when it is written: its number and the hashes. */
export const bodyOf = (entry: JournalEntry, time: string, monoMs: number): string =>
  `"time":"${time}","mono":${monoMs},${fieldsOf(entry)}`

/** Stands for lines that were dropped, as old as the last of them. */
export const bodyOfLost = (count: number, lastBody: string): string =>
  `${lastBody.slice(0, lastBody.indexOf('"kind":'))}"kind":"lost","count":${count}`

/** A line without its hash. */
export const unsealed = (seq: number, body: string, previous: string): string =>
  `{"seq":${seq},${body},"previous":"${previous}"`

/** The fields of an entry. By concatenation, since commands come by the hundred thousand a second. */
function fieldsOf(entry: JournalEntry): string {
  switch (entry.kind) {
    case 'command': {
      const { connection, identity, ranMs, order, message, decision, reply } = entry
      const who = identity === undefined ? '' : `,"identity":${safeWord(identity)}`
      const when = order === undefined ? `,"ranMs":${ranMs}` : `,"ranMs":${ranMs},"order":${order}`
      const what = `,"message":${safeJson(message)},"decision":${safeWord(decision)},"reply":${safeJson(reply)}`
      return `"kind":"command","connection":${connection}${who}${when}${what}`
    }
    case 'event':
      return `"kind":"event","event":${safeJson(entry.event)}`
    case 'state':
      return `"kind":"state","state":${safeJson(entry.state)}`
    case 'start':
    case 'stop':
      return `"kind":"${entry.kind}","server":${safeJson(entry.server)}`
    default:
      return entry satisfies never
  }
}
