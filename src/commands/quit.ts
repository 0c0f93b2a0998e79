import { command } from './command.ts'

export const quit = command({
  name: 'QUIT',
  aliases: ['EXIT'],
  states: ['Handshake', 'Authenticated'],
  ofSession: true,
  parameters: [],
  summary: 'end the conversation',
  example: 'QUIT',
  reply: { summary: 'BYE', headers: [] },
})
