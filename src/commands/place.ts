import type { ReplyHeader } from './command.ts'

/** Where the drone is, as replies and events tell it. */
export const PLACE = [
  { name: 'X', type: 'integer', unit: 'cm' },
  { name: 'Y', type: 'integer', unit: 'cm' },
  { name: 'Z', type: 'integer', unit: 'cm' },
] as const satisfies readonly ReplyHeader[]
