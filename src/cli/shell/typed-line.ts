import { type Command, takesRestOfLine } from '../../commands/command.ts'
import type { CommandTable } from '../../commands/table.ts'
import type { PlainMessage } from '../../wire/message.ts'

/** A line that holds a command. */
export interface TypedLine {
  /** The command and what it is given, as `skyline send` takes it: `KEY=VALUE` or an argument. */
  readonly words: readonly string[]
  /** Behind a `!`: to be sent even if it is wrong. */
  readonly unchecked: boolean
}

/** Takes a line apart: `MOVE 10 20`, `MOVE X=10 Y=20` or `MOVE X: 10 Y: 20`. Undefined if it is blank or a # comment. */
export function readTypedLine(line: string, table: CommandTable): TypedLine | undefined {
  const [, mark, command, rest = ''] = /^(!*)\s*([^\s!#]\S*)\s*(.*)$/s.exec(line.trim()) ?? []
  if (command === undefined) return undefined
  return { words: [command, ...splitWords(rest, table.get(command)?.spec)], unchecked: mark !== '' }
}

/** What stands behind a command, as words. A text takes the rest of the line, whose inner spaces are kept. */
export function splitWords(rest: string, spec: Command | undefined): string[] {
  if (spec?.parameters.some(takesRestOfLine))
    return rest === '' ? [] : [rest.replace(KEY_AND_COLON, (whole, key) => (has(spec, key) ? `${key}=` : whole))]
  // Of a command that nobody here knows, nobody here knows what its colons mean.
  const text = spec === undefined ? rest : rest.replaceAll(new RegExp(KEY_AND_COLON, 'g'), '$1=')
  return text.split(/\s+/).filter((word) => word !== '')
}

/** A key with its colon, at the start of a word. */
const KEY_AND_COLON = /(?<!\S)([A-Za-z][\w-]*):\s*/

const has = (spec: Command | undefined, key: string): boolean =>
  spec?.parameters.some(({ name }) => name.toUpperCase() === key.toUpperCase()) === true

/** The bytes of a message, wrong as it may be: where `format` throws, the parser can say what is wrong. */
export const toBytes = ({ command, arguments: words, headers }: PlainMessage): Uint8Array =>
  Buffer.from(
    [[command, ...words].join(' '), ...headers.map(([key, value]) => `${key}: ${value}`), '', ''].join('\r\n'),
  )
