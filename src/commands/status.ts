import { command } from './command.ts'
import { PLACE } from './place.ts'

export const status = command({
  name: 'STATUS',
  aliases: [],
  states: ['Authenticated'],
  parameters: [],
  summary: 'tell where the drone is and how it does',
  example: 'STATUS',
  reply: {
    summary: 'STATUS',
    headers: [
      { name: 'Drone', type: 'text' },
      { name: 'State', type: 'text' },
      ...PLACE,
      { name: 'Heading', type: 'integer', unit: 'degrees' },
      { name: 'Battery', type: 'integer', unit: 'percent' },
      { name: 'R', type: 'integer' },
      { name: 'G', type: 'integer' },
      { name: 'B', type: 'integer' },
      { name: 'Text', type: 'text', optional: true },
    ],
  },
})
