import type { ReplyHeader } from './command.ts'

/** Where the drone is, as replies and events tell it. */
export const PLACE = [
  { name: 'X', type: 'integer', unit: 'cm' },
  { name: 'Y', type: 'integer', unit: 'cm' },
  { name: 'Z', type: 'integer', unit: 'cm' },
] as const satisfies readonly ReplyHeader[]

/** Where it is and how it does, as STATUS and TELEMETRY tell it. */
export const REPORT = [
  { name: 'Drone', type: 'text' },
  { name: 'State', type: 'text' },
  ...PLACE,
  { name: 'Heading', type: 'integer', unit: 'degrees' },
  { name: 'Battery', type: 'integer', unit: 'percent' },
  { name: 'R', type: 'integer' },
  { name: 'G', type: 'integer' },
  { name: 'B', type: 'integer' },
  { name: 'Text', type: 'text', optional: true },
] as const satisfies readonly ReplyHeader[]
