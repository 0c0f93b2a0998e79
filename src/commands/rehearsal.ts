import { command } from './command.ts'
import { CommandTable, type PreparedCommand } from './table.ts'

const row = command({
  name: 'REHEARSAL',
  aliases: [],
  states: ['Authenticated'],
  parameters: [],
  summary: 'what a command is answered that would be run, if it were no Dry-Run',
  example: 'REHEARSAL',
  reply: {
    summary: 'CHECKED',
    headers: [
      { name: 'Command', type: 'text' },
      { name: 'Dry-Run', type: 'text' },
    ],
  },
})

/** What stands for a command that was only checked; there is none of that name. */
export const REHEARSAL = new CommandTable([row]).get(row.name) as PreparedCommand
