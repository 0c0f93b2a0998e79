import { describeOptions, type Option, type ParsedArguments, parseArguments } from './options.ts'
import { VERSION } from './version.ts'

/** The exit codes of every program. */
export const EXIT = {
  ok: 0,
  /** An ERR came back, a check failed; or the program itself did. */
  failed: 1,
  usage: 2,
  noConnection: 3,
  /** An error that nobody has caught (EX_SOFTWARE of sysexits.h). */
  crashed: 70,
  /** What it prints cannot be written: there is no space left, say (EX_IOERR). */
  notWritten: 74,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** One of the programs that `skyline` is: `skyline <name>`. */
export interface Program {
  readonly name: string
  /** What stands behind the name in `Usage:`. */
  readonly usage: string
  /** What `--help` says of it. */
  readonly about: string
  readonly options: readonly Option[]
  /** It goes on until it is told to end: then nobody waits for what it has printed. */
  readonly isEndless?: true
  /** How many words it takes beside options. */
  readonly maxWords: number
  readonly example: string
  run(parsed: ParsedArguments): Promise<ExitCode>
}

/** What every program takes. */
const COMMON_OPTIONS: readonly Option[] = [
  { name: 'help', short: 'h', help: 'show this' },
  { name: 'version', help: 'show the version' },
]

export const optionsOf = (program: Program): readonly Option[] => [...program.options, ...COMMON_OPTIONS]

/** Runs a program, or shows its help or the version. Rejects with a usage error where its command line is wrong. */
export async function runProgram(program: Program, args: readonly string[]): Promise<ExitCode> {
  const parsed = parseArguments(args, optionsOf(program), program.maxWords)
  const isHelp = parsed.options.has('help')
  if (!isHelp && !parsed.options.has('version')) return program.run(parsed)
  process.stdout.write(isHelp ? helpOf(program) : `${VERSION}\n`)
  return EXIT.ok
}

const helpOf = (program: Program): string => `Usage: skyline ${program.name} ${program.usage}

${program.about}

Options:
${describeOptions(optionsOf(program))}
Example:
  ${program.example}
`
