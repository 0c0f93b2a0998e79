import { command } from './command.ts'
import { REPORT } from './place.ts'

export const status = command({
  name: 'STATUS',
  aliases: [],
  states: ['Authenticated'],
  parameters: [],
  summary: 'tell where the drone is and how it does',
  example: 'STATUS',
  reply: {
    summary: 'STATUS',
    headers: REPORT,
  },
})
