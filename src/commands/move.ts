import { command } from './command.ts'
import { HELD_UNTIL_DONE, OPERATION } from './operation.ts'

/** The reach of a coordinate, in centimetres: what 32 bits hold. */
const REACH = { unit: 'cm', min: -2147483648, max: 2147483647 } as const

export const move = command({
  name: 'MOVE',
  aliases: [],
  states: ['Authenticated'],
  role: 'pilot',
  motion: true,
  parameters: [
    { name: 'X', type: 'integer', ...REACH, required: true },
    { name: 'Y', type: 'integer', ...REACH, required: true },
    { name: 'Z', type: 'integer', ...REACH, required: false, summary: 'the altitude last aimed at where omitted' },
    { name: 'Speed', type: 'integer', unit: 'cm/s', min: 1, max: 1000, required: false, default: 100 },
    HELD_UNTIL_DONE,
  ],
  summary: 'fly to a point',
  example: 'MOVE 10 20',
  reply: {
    summary: 'MOVING_TO',
    shown: ['X', 'Y', 'Z'],
    headers: [
      { name: 'X', type: 'integer', unit: 'cm' },
      { name: 'Y', type: 'integer', unit: 'cm' },
      { name: 'Z', type: 'integer', unit: 'cm', optional: true },
      OPERATION,
    ],
  },
})
