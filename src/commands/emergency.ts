import { command } from './command.ts'

export const emergency = command({
  name: 'EMERGENCY',
  aliases: [],
  states: ['Authenticated'],
  urgent: true,
  parameters: [{ name: 'Drone', type: 'opaque', required: true, summary: 'its name, as STATUS tells it' }],
  summary: 'motors off: the drone falls',
  example: 'EMERGENCY sim',
  reply: { summary: 'MOTORS_OFF', headers: [{ name: 'Drone', type: 'text' }] },
})
