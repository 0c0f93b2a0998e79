import { command } from './command.ts'
import { WHICH_OPERATION } from './operation.ts'
import { PLACE } from './place.ts'

export const wait = command({
  name: 'WAIT',
  aliases: [],
  states: ['Authenticated'],
  parameters: [
    { name: 'Timeout', type: 'integer', unit: 'ms', min: 1, max: 600_000, required: false, default: 60_000 },
    WHICH_OPERATION,
  ],
  summary: 'wait until the drone has arrived',
  example: 'WAIT 5000',
  reply: {
    summary: 'ARRIVED',
    headers: PLACE,
  },
})
