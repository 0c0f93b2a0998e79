import { command } from './command.ts'

export const hello = command({
  name: 'HELLO',
  aliases: [],
  states: ['Handshake'],
  ofSession: true,
  parameters: [
    { name: 'Token', type: 'opaque', required: false, summary: 'the secret that the server was given' },
    { name: 'Version', type: 'integer', min: 0, max: 65535, required: false, default: 1, summary: 'of the protocol' },
    { name: 'Client', type: 'text', minBytes: 1, maxBytes: 255, required: false, summary: 'a name for the log' },
    {
      name: 'Lease',
      type: 'integer',
      unit: 'ms',
      min: 100,
      max: 600_000,
      required: false,
      headerOnly: true,
      summary: 'without a message for so long the drone hovers, and then lands',
    },
    {
      name: 'On-Close',
      type: 'choice',
      values: ['hover', 'land', 'continue'],
      required: false,
      headerOnly: true,
      summary: 'what the drone does when the session ends',
    },
  ],
  summary: 'begin the session',
  example: 'HELLO s3cret',
  reply: {
    summary: 'AUTH_OK',
    headers: [
      { name: 'Protocol', type: 'integer' },
      { name: 'Drone', type: 'text', optional: true },
    ],
  },
})
