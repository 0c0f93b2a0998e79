import { readFileSync } from 'node:fs'
import { describeOptions } from '../../src/cli/options.ts'
import { optionsOf } from '../../src/cli/program.ts'
import { serve } from '../../src/cli/serve.ts'
import type { Command, ReplyHeader } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { describe, usage } from '../../src/commands/describe.ts'
import { EVENTS } from '../../src/commands/events.ts'
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

const namesOf = (headers: readonly ReplyHeader[]): string =>
  headers.map(({ name, optional }) => (optional === true ? `[${name}]` : name)).join(', ')

function replyOf({ reply }: Command): string {
  const shown = reply.shown === undefined ? '' : `(${reply.shown.join(', ')})`
  return `\`OK ${reply.summary}${shown}\` ${namesOf(reply.headers)}`.trim()
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

const events = (): string =>
  table(
    ['topic', 'event', 'what it tells', 'beside Event-Seq, Time, Uptime, [Dropped]'],
    EVENTS.map(({ topic, name, summary, headers }) => [topic, `\`${name}\``, summary, namesOf(headers)]),
  )

const options = (): string => `\`\`\`text\n${describeOptions(optionsOf(serve))}\`\`\``

const SQUARE = new URL('../../fixtures/scripts/square-from-the-ground.txt', import.meta.url)

const square = (): string => `\`\`\`text\n${readFileSync(SQUARE, 'utf8')}\`\`\``

/** By the names of their places in the README. */
export const TABLES: Readonly<Record<string, () => string>> = { commands, events, codes, options, square }
