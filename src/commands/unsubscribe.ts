import { command } from './command.ts'
import { TOPICS } from './events.ts'

export const unsubscribe = command({
  name: 'UNSUBSCRIBE',
  aliases: [],
  states: ['Authenticated'],
  ofSession: true,
  parameters: [{ name: 'Topic', type: 'choice', values: TOPICS, required: false, summary: 'all where omitted' }],
  summary: 'be told no more',
  example: 'UNSUBSCRIBE TELEMETRY',
  reply: { summary: 'UNSUBSCRIBED', headers: [{ name: 'Topic', type: 'text', optional: true }] },
})
