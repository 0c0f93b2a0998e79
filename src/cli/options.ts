import { parseArgs } from 'node:util'
import { hint } from '../commands/hint.ts'

/** One option of a program: `parseArgs` and `--help` both come from it. */
export interface Option {
  readonly name: string
  /** What stands for its value in `--help`; absent where it takes none. */
  readonly value?: string
  readonly help: string
  /** May be given more than once. */
  readonly multiple?: true
  /** A letter that stands for it behind one dash. */
  readonly short?: string
}

export interface ParsedArguments {
  readonly options: ReadonlyMap<string, string | true>
  /** The values of the options that may be given more than once. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** What is no option, in its order. */
  readonly words: readonly string[]
}

/** An error of whoever started the program: what was wrong, and what was wanted. Told in one line, exit code 2. */
export const usageError = (message: string): Error => Object.assign(new Error(oneLine(message)), { code: 'USAGE' })

/** A text with its control characters written as escapes. */
const oneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))

/** Stands before a word like `-5` while Node looks at it, which would take it for an option. */
const NO_OPTION = '\0'

/** Reads a command line. Throws a usage error at an option that is not one of these, and at a word more than `maxWords`. */
export function parseArguments(args: readonly string[], options: readonly Option[], maxWords = 0): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({
      args: args.map((arg) => (/^-\d/.test(arg) ? NO_OPTION + arg : arg)),
      strict: true,
      allowPositionals: maxWords > 0,
      options: Object.fromEntries(
        options.map(({ name, value, multiple = false, short }) => {
          const type = value === undefined ? 'boolean' : 'string'
          return [name, { type, multiple, ...(short !== undefined && { short }) }] as const
        }),
      ),
    })
    if (positionals.length > maxWords) throw usageError(`Unexpected argument '${positionals[maxWords]}'`)
    const given = Object.entries(values).map(([name, value]) => [name, typed(value)] as const)
    return {
      options: new Map(given.filter((entry): entry is [string, string | true] => !Array.isArray(entry[1]))),
      lists: new Map(given.filter((entry): entry is [string, string[]] => Array.isArray(entry[1]))),
      words: positionals.map((word) => typed(word)),
    }
  } catch (error) {
    // Of what Node says the first sentence is the one that helps.
    const sentence = (error as Error).message.split(/\.\s/)[0] as string
    const unknown = /^Unknown option '(.*)'/s.exec(sentence)?.[1]
    if (unknown === undefined) throw usageError(sentence)
    const flags = options.map(({ name }) => `--${name}`)
    throw usageError(`${sentence}: ${hint(unknown, flags) ?? 'try --help'}`)
  }
}

/** What was typed, as it was. */
function typed<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each) => typed(each)) as T
  return (typeof value === 'string' ? value.replace(NO_OPTION, '') : value) as T
}

/** The options as `--help` shows them. */
export function describeOptions(options: readonly Option[]): string {
  const flags = options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`))
  const width = Math.max(...flags.map((flag) => flag.length))
  return options.map(({ help }, index) => `  ${(flags[index] as string).padEnd(width)}  ${help}\n`).join('')
}
