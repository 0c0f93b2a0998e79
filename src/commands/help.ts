import { command } from './command.ts'

export const help = command({
  name: 'HELP',
  aliases: [],
  states: ['Handshake', 'Authenticated'],
  parameters: [{ name: 'Command', type: 'opaque', required: false }],
  summary: 'list the commands, or explain one',
  example: 'HELP MOVE',
  reply: { summary: 'HELP', headers: [], open: true },
})
