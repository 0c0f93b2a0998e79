import { parseArgs } from 'node:util'

/** One option of a program: `parseArgs` and `--help` both come from it. */
export interface Option {
  readonly name: string
  /** What stands for its value in `--help`; absent where it takes none. */
  readonly value?: string
  readonly help: string
}

/** An error of whoever started the program: what was wrong, and what was wanted. Told in one line, exit code 2. */
export const usageError = (message: string): Error => Object.assign(new Error(oneLine(message)), { code: 'USAGE' })

/** A text with its control characters written as escapes. */
const oneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))

/** The values of options by name. Throws a usage error at anything that is not one of them. */
export function parseOptions(args: readonly string[], options: readonly Option[]): Map<string, string | true> {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: Object.fromEntries(
        options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const),
      ),
    })
    return new Map(Object.entries(values) as [string, string | true][])
  } catch (error) {
    // Of what Node says the first sentence is the one that helps.
    throw usageError((error as Error).message.split(/\.\s/)[0] as string)
  }
}

/** The options as `--help` shows them. */
export function describeOptions(options: readonly Option[]): string {
  const flags = options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`))
  const width = Math.max(...flags.map((flag) => flag.length))
  return options.map(({ help }, index) => `  ${(flags[index] as string).padEnd(width)}  ${help}\n`).join('')
}
