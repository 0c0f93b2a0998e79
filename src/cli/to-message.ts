import { type Command, takesRestOfLine } from '../commands/command.ts'
import type { PlainMessage } from '../wire/message.ts'
import { usageError } from './options.ts'
import { table } from './table.ts'

/** The message that words of a command line stand for: `KEY=VALUE` is a header, any other word an argument. */
export function toMessage([command, ...words]: readonly string[]): PlainMessage {
  if (command === undefined) throw usageError('a command is missing: skyline send COMMAND')
  const spec = table.get(command)?.spec
  const headers: [string, string][] = []
  const others: string[] = []
  for (const word of words) {
    const [, key = '', value = ''] = /^([A-Za-z][\w-]*)=(.*)$/s.exec(word) ?? []
    if (key !== '' && isHeader(key, spec)) headers.push([key, value])
    else others.push(word)
  }
  const text = textParameter(spec)
  if (text === undefined) return { command, arguments: others.flatMap((word) => word.split(' ')), headers }
  // Quotes of the shell keep spaces, which an argument does not: the text goes into its header.
  if (others.length > 0) headers.push([text, others.join(' ')])
  return { command, arguments: [], headers }
}

/** The parameter that takes the rest of the line: the one whose text may well hold a `=`. */
const textParameter = (spec: Command | undefined): string | undefined => spec?.parameters.find(takesRestOfLine)?.name

const isHeader = (key: string, spec: Command | undefined): boolean =>
  textParameter(spec) === undefined ||
  [...(spec?.parameters ?? []), { name: 'Note' }].some(({ name }) => name.toUpperCase() === key.toUpperCase())
