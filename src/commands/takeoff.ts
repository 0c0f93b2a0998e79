import { command } from './command.ts'
import { HELD_UNTIL_DONE, OPERATION } from './operation.ts'

export const takeoff = command({
  name: 'TAKEOFF',
  aliases: [],
  states: ['Authenticated'],
  role: 'pilot',
  motion: true,
  parameters: [
    { name: 'Z', type: 'integer', unit: 'cm', min: 1, max: 2147483647, required: false, default: 100 },
    HELD_UNTIL_DONE,
  ],
  summary: 'leave the ground',
  example: 'TAKEOFF 150',
  reply: {
    summary: 'TAKING_OFF',
    shown: ['Z'],
    headers: [{ name: 'Z', type: 'integer', unit: 'cm' }, OPERATION],
  },
})
