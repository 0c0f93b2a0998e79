import { command } from './command.ts'

export const acquire = command({
  name: 'ACQUIRE',
  aliases: [],
  states: ['Authenticated'],
  ofSession: true,
  role: 'pilot',
  parameters: [
    {
      name: 'Force',
      type: 'choice',
      values: ['yes', 'no'],
      required: false,
      headerOnly: true,
      summary: 'yes: takes it from whoever has it, for admins',
    },
  ],
  summary: 'take control of the drone, where that is exclusive',
  example: 'ACQUIRE',
  reply: { summary: 'ACQUIRED', headers: [{ name: 'Control', type: 'text' }] },
})
