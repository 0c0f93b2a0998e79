import { connect } from '../client/client.ts'
import type { RequestError } from '../client/error.ts'
import type { WireReply } from '../client/wire-reply.ts'
import type { Command } from '../commands/command.ts'
import { COMMANDS } from '../commands/commands.ts'
import { CommandTable } from '../commands/table.ts'
import type { PlainMessage } from '../wire/message.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { hasColor } from './paint.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { exitCodeOf, REMOTE_OPTIONS, readRemote } from './remote.ts'
import { showError, showReply } from './show-reply.ts'

export const send: Program = {
  name: 'send',
  summary: 'send one command, and show the reply',
  usage: '[options] COMMAND [ARGUMENT | KEY=VALUE ...]',
  about: 'Sends one command, and shows the reply. Exit code: 0 for OK, 1 for ERR, 2 for usage, 3 for no connection.',
  options: [...REMOTE_OPTIONS, { name: 'json', help: 'show the reply as a line of JSON' }],
  maxWords: Number.POSITIVE_INFINITY,
  example: 'skyline send MOVE X=10 Y=20',
  run,
}

const table = new CommandTable(COMMANDS)

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const remote = readRemote(parsed)
  const message = toMessage(parsed.words)
  const json = parsed.options.has('json')
  const color = hasColor(process.stdout)
  try {
    const client = await connect(remote)
    const reply = await client.send(message)
    process.stdout.write(json ? toJson(reply) : showReply(reply, color))
    await client.close()
    return EXIT.ok
  } catch (error) {
    const { reply } = error as RequestError
    if (reply === undefined) process.stderr.write(`skyline: ${(error as RequestError).message}\n`)
    else process.stdout.write(json ? toJson(reply) : showError(error as RequestError, color))
    return exitCodeOf(error as RequestError)
  }
}

const toJson = ({ kind, summary, headers }: WireReply): string =>
  `${JSON.stringify({ kind, summary, headers: Object.fromEntries(headers.filter(([key]) => key !== 'Id')) })}\n`

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
const textParameter = (spec: Command | undefined): string | undefined =>
  spec?.parameters.find((parameter) => parameter.type === 'text' && parameter.restOfLine === true)?.name

const isHeader = (key: string, spec: Command | undefined): boolean =>
  textParameter(spec) === undefined ||
  [...(spec?.parameters ?? []), { name: 'Note' }].some(({ name }) => name.toUpperCase() === key.toUpperCase())
