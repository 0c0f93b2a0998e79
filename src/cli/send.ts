import { connect } from '../client/client.ts'
import type { RequestError } from '../client/error.ts'
import { headersButId, type WireReply } from '../client/wire-reply.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { hasColor } from './paint.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { exitCodeOf, GOODBYE_WAIT, REMOTE_OPTIONS, readRemote } from './remote.ts'
import { harmless, showReply } from './show-reply.ts'
import { toMessage } from './to-message.ts'

export const send: Program = {
  name: 'send',
  usage: '[options] COMMAND [ARGUMENT | KEY=VALUE ...]',
  about: `Sends one command, and shows the reply.
Exit code: 0 for OK, 1 for ERR, 2 for usage, 3 for no connection, or no reply in time.`,
  options: [...REMOTE_OPTIONS, { name: 'json', help: 'show the reply as a line of JSON' }],
  maxWords: Number.POSITIVE_INFINITY,
  example: 'skyline send MOVE X=10 Y=20',
  run,
}

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const remote = readRemote(parsed)
  const message = toMessage(parsed.words)
  const keys = message.headers.map(([key]) => key.toUpperCase())
  const twice = keys.find((key, at) => keys.indexOf(key) < at)
  if (twice !== undefined) throw usageError(`${twice} is given twice`)
  const json = parsed.options.has('json')
  const color = hasColor(process.stdout)
  try {
    const client = await connect(remote)
    const reply = await client.send(message)
    process.stdout.write(json ? toJson(reply) : showReply(reply, color))
    await client.close(GOODBYE_WAIT)
    return EXIT.ok
  } catch (error) {
    const { reply } = error as RequestError
    if (reply === undefined) process.stderr.write(`skyline: ${harmless((error as RequestError).message)}\n`)
    else process.stdout.write(json ? toJson(reply) : showReply(reply, color))
    return exitCodeOf(error as RequestError)
  }
}

const toJson = (reply: WireReply): string => {
  const { kind, summary } = reply
  return `${JSON.stringify({ kind, summary, headers: Object.fromEntries(headersButId(reply)) })}\n`
}
