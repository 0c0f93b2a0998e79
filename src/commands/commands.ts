import { changeColor } from './changecolor.ts'
import type { Command } from './command.ts'
import { hello } from './hello.ts'
import { help } from './help.ts'
import { move } from './move.ts'
import { ping } from './ping.ts'
import { quit } from './quit.ts'
import { status } from './status.ts'
import { wait } from './wait.ts'
import { write } from './write.ts'

/** The commands about the drone (section 6). */
export const FLIGHT = [move, write, changeColor, status, wait] as const

/** A set of commands together with those about the conversation, as HELP lists them. */
export const withConversation = <const C extends Command>(commands: readonly C[]) =>
  [hello, ...commands, ping, help, quit] as const

/** The commands about the conversation, which every set has. */
export type ConversationCommand = typeof hello | typeof ping | typeof help | typeof quit

/** The commands of skyline/1 (section 6). */
export const COMMANDS = withConversation(FLIGHT)
