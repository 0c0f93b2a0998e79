import type { JournalEntry } from './entry.ts'
import { HASH_FIELD_BYTES, hashField, type LostEntry, sha256 } from './line.ts'

/** A line of the journal as it is read. */
export interface JournalRecord {
  readonly seq: number
  /** ISO 8601, of the wall clock. */
  readonly time: string
  /** Milliseconds of the monotonic clock. */
  readonly mono: number
  readonly entry: JournalEntry | LostEntry
  /** The hash of the line before. */
  readonly previous: string
  readonly hash: string
}

type Fields = Readonly<Record<string, unknown>>

const HASH = /^[0-9a-f]{64}$/
const TIME = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Reads a line. Undefined where it is no record. */
export function readRecord(bytes: Buffer): JournalRecord | undefined {
  const fields = parseObject(bytes)
  if (fields === undefined) return undefined
  const { seq, time, mono, previous, hash } = fields
  const entry = entryOf(fields)
  if (entry === undefined || !Number.isSafeInteger(seq) || !Number.isFinite(mono)) return undefined
  if (!isText(time) || !TIME.test(time) || !isHash(previous) || !isHash(hash)) return undefined
  return { seq: seq as number, time, mono: mono as number, entry, previous, hash }
}

/** Whether a line is as it was written, as far as it can tell by itself. */
export function isIntact(bytes: Buffer): boolean {
  const end = bytes.length - HASH_FIELD_BYTES
  return end > 0 && bytes.toString('latin1', end) === hashField(sha256(bytes.subarray(0, end)))
}

function parseObject(bytes: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('latin1'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function entryOf(fields: Fields): JournalEntry | LostEntry | undefined {
  const { kind } = fields
  switch (kind) {
    case 'command':
      return commandOf(fields)
    case 'event':
      return isText(fields['event']) ? { kind, event: fields['event'] } : undefined
    case 'state':
      return isObject(fields['state']) ? { kind, state: fields['state'] } : undefined
    case 'start':
    case 'stop':
      return isText(fields['server']) ? { kind, server: fields['server'] } : undefined
    case 'lost':
      return isNumber(fields['count']) ? { kind, count: fields['count'] } : undefined
    default:
      return undefined
  }
}

function commandOf(fields: Fields): JournalEntry | undefined {
  const { connection, identity, ranMs, order, message, decision, reply } = fields
  if (!isNumber(connection) || !isNumber(ranMs) || !isText(message) || !isText(decision) || !isText(reply))
    return undefined
  if (!(identity === undefined || isText(identity)) || !(order === undefined || isNumber(order))) return undefined
  return {
    kind: 'command',
    connection,
    ...(identity === undefined ? {} : { identity }),
    ranMs,
    ...(order === undefined ? {} : { order }),
    message,
    decision,
    reply,
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isHash = (value: unknown): value is string => isText(value) && HASH.test(value)
