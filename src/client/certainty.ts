import type { Command } from '../commands/command.ts'
import { hello } from '../commands/hello.ts'

// What a client can know of commands that a connection has ended on: which of them were certainly not carried out.

/** With these fatal codes a message is refused. With any other a command may be ended that has begun (R8). */
const VERDICTS = ['PARSE', 'INVALID_UTF8', 'MESSAGE_TOO_BIG', 'BARE_LF', 'INCOMPLETE', 'TOO_MANY_ERRORS']

/** Whether a fatal error refuses the first that waits: the greeting, where that is no command, or a command by its name. */
export const refuses = (code: string, command: string | undefined): boolean =>
  VERDICTS.includes(code) || command === undefined || command.toUpperCase() === hello.name

/** Which commands a server may run ahead of their turn, by name: those of the stop lane, and those that nobody here knows. */
export function aheadOfTurn(commands: readonly Command[]): (command: string) => boolean {
  const inTurn = new Set(commands.flatMap(({ name, aliases, urgent }) => (urgent ? [] : [name, ...aliases])))
  return (command) => !inTurn.has(command.toUpperCase())
}

/** The command of a message of the text wire; empty where it has none, and is refused. */
export const commandIn = (text: Uint8Array): string =>
  /^[\r\n]*([\w-]*)/.exec(Buffer.from(text).toString('latin1'))?.[1] ?? ''
