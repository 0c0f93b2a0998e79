import { changeColor } from './changecolor.ts'
import { hello } from './hello.ts'
import { help } from './help.ts'
import { move } from './move.ts'
import { ping } from './ping.ts'
import { quit } from './quit.ts'
import { status } from './status.ts'
import { wait } from './wait.ts'
import { write } from './write.ts'

/** The commands of skyline/1 (section 6), in the order in which HELP lists them. */
export const COMMANDS = [hello, move, write, changeColor, status, wait, ping, help, quit] as const
