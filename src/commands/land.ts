import { command } from './command.ts'
import { HELD_UNTIL_DONE, OPERATION } from './operation.ts'

export const land = command({
  name: 'LAND',
  aliases: [],
  states: ['Authenticated'],
  urgent: true,
  parameters: [HELD_UNTIL_DONE],
  summary: 'descend to the ground, ahead of all that waits',
  example: 'LAND',
  reply: { summary: 'LANDING', headers: [OPERATION] },
})
