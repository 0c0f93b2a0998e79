import { command } from './command.ts'
import { PLACE } from './place.ts'

export const stop = command({
  name: 'STOP',
  aliases: [],
  states: ['Authenticated'],
  urgent: true,
  parameters: [],
  summary: 'hover where the drone is, ahead of all that waits',
  example: 'STOP',
  reply: {
    summary: 'STOPPED',
    headers: PLACE,
  },
})
