import { command } from './command.ts'
import { TOPICS } from './events.ts'

export const subscribe = command({
  name: 'SUBSCRIBE',
  aliases: [],
  states: ['Authenticated'],
  ofSession: true,
  parameters: [
    { name: 'Topic', type: 'choice', values: TOPICS, required: true },
    { name: 'Rate', type: 'integer', unit: 'Hz', min: 1, max: 50, required: false, summary: 'of TELEMETRY, else 10' },
  ],
  summary: 'be told of what happens, as events',
  example: 'SUBSCRIBE TELEMETRY 10',
  reply: {
    summary: 'SUBSCRIBED',
    headers: [
      { name: 'Topic', type: 'text' },
      { name: 'Rate', type: 'integer', unit: 'Hz', optional: true },
      { name: 'Session', type: 'integer', optional: true },
    ],
  },
})
