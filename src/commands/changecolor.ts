import { command } from './command.ts'

const CHANNEL = { type: 'integer', min: 0, max: 255, required: true } as const

export const changeColor = command({
  name: 'CHANGECOLOR',
  aliases: ['COLOR'],
  states: ['Authenticated'],
  role: 'pilot',
  parameters: [
    { name: 'R', ...CHANNEL },
    { name: 'G', ...CHANNEL },
    { name: 'B', ...CHANNEL },
  ],
  summary: 'light up in a colour',
  example: 'COLOR 255 0 0',
  reply: {
    summary: 'COLOR_CHANGED',
    shown: ['R', 'G', 'B'],
    headers: [
      { name: 'R', type: 'integer' },
      { name: 'G', type: 'integer' },
      { name: 'B', type: 'integer' },
    ],
  },
})
