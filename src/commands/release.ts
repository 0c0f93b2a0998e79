import { command } from './command.ts'

export const release = command({
  name: 'RELEASE',
  aliases: [],
  states: ['Authenticated'],
  ofSession: true,
  role: 'pilot',
  parameters: [],
  summary: 'give control of the drone back',
  example: 'RELEASE',
  reply: { summary: 'RELEASED', headers: [{ name: 'Control', type: 'text' }] },
})
