import { command } from './command.ts'

export const write = command({
  name: 'WRITE',
  aliases: [],
  states: ['Authenticated'],
  role: 'pilot',
  parameters: [{ name: 'Text', type: 'text', minBytes: 1, maxBytes: 255, required: true, restOfLine: true }],
  summary: 'show a text on the display',
  example: 'WRITE hello, world',
  reply: { summary: 'WRITTEN', headers: [{ name: 'Bytes', type: 'integer' }] },
})
