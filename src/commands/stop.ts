import { command } from './command.ts'

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
    headers: [
      { name: 'X', type: 'integer', unit: 'cm' },
      { name: 'Y', type: 'integer', unit: 'cm' },
      { name: 'Z', type: 'integer', unit: 'cm' },
    ],
  },
})
