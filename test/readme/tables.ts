import { describeOptions } from '../../src/cli/options.ts'
import { optionsOf } from '../../src/cli/program.ts'
import { serve } from '../../src/cli/serve.ts'
import type { Command } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { describe, usage } from '../../src/commands/describe.ts'
import { CODES, type CodeRow } from '../../src/wire/codes.ts'

// What the README shows of the tables in the code, made from them.

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

function fatality(code: string, { fatal }: CodeRow): string {
  if (code === 'PARSE') return 'a lone CR, NUL: yes; else no'
  return typeof fatal === 'number' ? `the ${fatal}rd: yes` : yesNo(fatal)
}

const codes = (): string =>
  table(
    ['code', 'fatal', 'counted', 'retry', 'meaning'],
    Object.entries(CODES).map(([code, row]: [string, CodeRow]) => [
      `\`${code}\``,
      fatality(code, row),
      yesNo(row.counted),
      row.retrySafe ? 'safe' : 'not safe',
      row.sentence,
    ]),
  )

function replyOf({ reply }: Command): string {
  const shown = reply.shown === undefined ? '' : `(${reply.shown.join(', ')})`
  const headers = reply.headers.map(({ name, optional }) => (optional === true ? `[${name}]` : name))
  return `\`OK ${reply.summary}${shown}\` ${headers.join(', ')}`.trim()
}

const whenAllowed = ({ states }: Command): string =>
  states.length > 1 ? 'always' : states.includes('Handshake') ? 'before HELLO has succeeded' : 'after HELLO'

const commands = (): string =>
  table(
    ['command', 'what it does', 'parameters', 'reply', 'allowed'],
    COMMANDS.map((command: Command) => [
      [usage(command), ...command.aliases].map((name) => `\`${name}\``).join(', '),
      command.summary,
      command.parameters.map((parameter) => `${parameter.name}: ${describe(parameter)}`).join('<br>'),
      replyOf(command),
      whenAllowed(command),
    ]),
  )

const options = (): string => `\`\`\`text\n${describeOptions(optionsOf(serve))}\`\`\``

/** By the names of their places in the README. */
export const TABLES: Readonly<Record<string, () => string>> = { commands, codes, options }
