import type { Command } from '../../commands/command.ts'
import { help } from '../../commands/help.ts'
import type { CommandTable } from '../../commands/table.ts'
import { splitWords } from './typed-line.ts'

/** What could stand in place of the last word, and that word as it was typed: what readline asks of a completer. */
export type Completion = [candidates: string[], word: string]

/** Completes the last word of a line: the name of a command, or a parameter that it was not given yet, as `X=`. */
export function complete(line: string, table: CommandTable): Completion {
  const [, before = '', word = ''] = /^\s*!*\s*(.*?)(\S*)$/s.exec(line) ?? []
  const folded = word.toUpperCase()
  return [candidates(before, table).filter((name) => name.toUpperCase().startsWith(folded)), word]
}

/** All that could stand behind the words before. */
function candidates(before: string, table: CommandTable): string[] {
  const [, command = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(before) ?? []
  if (command === '') return table.names.map((name) => name + (takesParameters(name, table) ? ' ' : ''))
  const spec = table.get(command)?.spec
  if (spec === undefined) return []
  const words = splitWords(rest, spec)
  if (spec === help) return words.length === 0 ? table.names : []
  return notGiven(spec, words).map((name) => `${name}=`)
}

const takesParameters = (name: string, table: CommandTable): boolean =>
  (table.get(name)?.spec.parameters.length ?? 0) > 0

/** The parameters that are neither among the arguments, which come in the order of the table, nor among the keys. */
function notGiven({ parameters }: Command, words: readonly string[]): string[] {
  const keys = words.flatMap((word) => /^([A-Za-z][\w-]*)=/.exec(word)?.[1]?.toUpperCase() ?? [])
  return parameters
    .slice(words.length - keys.length)
    .map(({ name }) => name)
    .filter((name) => !keys.includes(name.toUpperCase()))
}
