import { command } from './command.ts'

export const ping = command({
  name: 'PING',
  aliases: [],
  states: ['Handshake', 'Authenticated'],
  parameters: [],
  summary: 'ask whether the server answers',
  example: 'PING',
  reply: { summary: 'PONG', headers: [] },
})
