import type { Parameter } from './command.ts'

// What may stand in any command: on which conditions it is to be run.

/** So old a command may be at the most that is to be run, in milliseconds. */
export const MAX_TTL_MS = 60_000

export const CONDITIONS = [
  {
    name: 'Ttl',
    type: 'integer',
    unit: 'ms',
    min: 1,
    max: MAX_TTL_MS,
    required: false,
    headerOnly: true,
    summary: 'EXPIRED in place of running later than this after it came',
  },
  {
    name: 'Sent',
    type: 'integer',
    unit: 'ms',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    required: false,
    headerOnly: true,
    summary: 'when it was sent, since the reply to HELLO: what it was under way counts for Ttl',
  },
  {
    name: 'Key',
    type: 'text',
    minBytes: 1,
    maxBytes: 64,
    required: false,
    headerOnly: true,
    summary: 'runs once in 10 minutes, however often it comes: then the reply is repeated',
  },
  {
    name: 'Dry-Run',
    type: 'choice',
    values: ['yes', 'no'],
    required: false,
    headerOnly: true,
    summary: 'yes: all is checked and nothing done',
  },
] as const satisfies readonly Parameter[]

/** The conditions of a command, where it has any. */
export interface Conditions {
  readonly ttl?: number | undefined
  readonly sent?: number | undefined
  readonly key?: string | undefined
  readonly dryRun?: 'yes' | 'no' | undefined
}
