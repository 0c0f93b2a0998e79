import { COMMANDS } from '../commands/commands.ts'
import { CommandTable } from '../commands/table.ts'

/** The commands of skyline/1, for what is said of them without a server. */
export const table = new CommandTable(COMMANDS)
