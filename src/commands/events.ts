import type { ReplyHeader } from './command.ts'
import { PLACE, REPORT } from './place.ts'

// What the server tells unasked, to those who have subscribed: `EVENT <NAME>¶ *(Key: Value¶) ¶`.

export const TOPICS = ['TELEMETRY', 'OPS', 'LINK', 'CONTROL'] as const
export type Topic = (typeof TOPICS)[number]

/** One row of the table of events. */
export interface EventRow {
  readonly name: string
  readonly topic: Topic
  readonly summary: string
  /** What it has beside the headers of every event. */
  readonly headers: readonly ReplyHeader[]
}

/** What every event has before its own headers. */
export const EVENT_HEADERS = [
  { name: 'Event-Seq', type: 'integer' },
  { name: 'Time', type: 'text' },
  { name: 'Uptime', type: 'integer', unit: 'ms' },
] as const satisfies readonly ReplyHeader[]

/** What an event has behind them where events before it were left out. */
export const DROPPED = { name: 'Dropped', type: 'integer', optional: true } as const satisfies ReplyHeader

const ABOUT_OPERATION = [
  { name: 'Op', type: 'integer' },
  { name: 'Session', type: 'integer', optional: true },
  { name: 'Command', type: 'text' },
  ...PLACE,
] as const satisfies readonly ReplyHeader[]

/** Every event of skyline/1. */
export const EVENTS = [
  {
    name: 'TELEMETRY',
    topic: 'TELEMETRY',
    summary: 'where the drone is and how it does',
    headers: REPORT,
  },
  { name: 'STARTED', topic: 'OPS', summary: 'an operation has begun, and where it leads', headers: ABOUT_OPERATION },
  { name: 'ARRIVED', topic: 'OPS', summary: 'it is done, and where the drone is', headers: ABOUT_OPERATION },
  {
    name: 'FAILED',
    topic: 'OPS',
    summary: 'it could not be done, and why',
    headers: [...ABOUT_OPERATION, { name: 'Code', type: 'text' }, { name: 'Reason', type: 'text' }],
  },
  { name: 'CANCELLED', topic: 'OPS', summary: 'another took its place, or it was stopped', headers: ABOUT_OPERATION },
  {
    name: 'LINK',
    topic: 'LINK',
    summary: 'the link to the drone is lost, or regained',
    headers: [{ name: 'State', type: 'text' }],
  },
  {
    name: 'CONTROL',
    topic: 'CONTROL',
    summary: 'someone has taken control, or given it back: acquired, forced, released or lost',
    headers: [
      { name: 'Change', type: 'text' },
      { name: 'Holder', type: 'text', optional: true },
    ],
  },
  {
    name: 'LEASE',
    topic: 'CONTROL',
    summary: 'a pilot with a lease is gone, and the drone hovers; is back; or stays away, and the drone lands',
    headers: [
      { name: 'State', type: 'text' },
      { name: 'Pilot', type: 'text' },
    ],
  },
] as const satisfies readonly EventRow[]

export type EventName = (typeof EVENTS)[number]['name']
