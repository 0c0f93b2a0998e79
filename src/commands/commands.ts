import { acquire } from './acquire.ts'
import { changeColor } from './changecolor.ts'
import type { Command } from './command.ts'
import { emergency } from './emergency.ts'
import { hello } from './hello.ts'
import { help } from './help.ts'
import { land } from './land.ts'
import { move } from './move.ts'
import { ping } from './ping.ts'
import { quit } from './quit.ts'
import { release } from './release.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { subscribe } from './subscribe.ts'
import { takeoff } from './takeoff.ts'
import { unsubscribe } from './unsubscribe.ts'
import { wait } from './wait.ts'
import { write } from './write.ts'

/** The commands about the drone (section 6). */
export const FLIGHT = [
  takeoff,
  move,
  land,
  stop,
  emergency,
  write,
  changeColor,
  status,
  wait,
  subscribe,
  unsubscribe,
  acquire,
  release,
] as const

/** A set of commands together with those about the conversation, as HELP lists them. */
export const withConversation = <const C extends Command>(commands: readonly C[]) =>
  [hello, ...commands, ping, help, quit] as const

/** The commands about the conversation, which every set has. */
export type ConversationCommand = typeof hello | typeof ping | typeof help | typeof quit

/** The commands of skyline/1 (section 6). */
export const COMMANDS = withConversation(FLIGHT)
