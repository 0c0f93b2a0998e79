import type { Command } from '../commands/command.ts'
import type { ConversationCommand } from '../commands/commands.ts'
import { describe, usage } from '../commands/describe.ts'
import type { Context, Handlers, Identity, Params } from '../commands/handler.ts'
import type { hello } from '../commands/hello.ts'
import { hint } from '../commands/hint.ts'
import type { CommandTable } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import { PROTOCOL_VERSION } from '../wire/limits.ts'
import { quoteText } from '../wire/quote.ts'
import type { ReplyEntries } from '../wire/reply.ts'

export interface ConversationOptions {
  readonly table: CommandTable
  /** What HELLO tells of the drone, if there is one. */
  readonly drone?: string | undefined
  /** Judges HELLO's token, in a time that does not depend on it: who it is. */
  readonly authenticate: (token: string | undefined, certificate: string | undefined) => Identity | undefined
}

/** What the commands do that are about the conversation itself. Where they lead is in the table of states. */
export function conversation({ table, drone, authenticate }: ConversationOptions): Handlers<ConversationCommand> {
  const admitted = admission(authenticate)
  return {
    HELLO: (params, context) => {
      const identity = admitted(params, context)
      if (identity instanceof Failure) return identity
      context.welcome({
        identity,
        client: params.client,
        onClose: params.onClose,
        leaseMs: params.lease,
      })
      return { protocol: PROTOCOL_VERSION, drone }
    },
    PING: () => ({}),
    HELP: ({ command: name }) => {
      if (name === undefined) return { entries: table.commands.map(overview) }
      const command = table.get(name)
      return command === undefined ? noHelp(name, table) : { entries: explanation(command.spec) }
    },
    QUIT: () => ({}),
  }
}

/** Says who has said HELLO, or why not. */
export const admission =
  (authenticate: ConversationOptions['authenticate']) =>
  ({ token, version, client }: Params<typeof hello>, { certificate }: Context): Identity | Failure => {
    if (version !== PROTOCOL_VERSION)
      return new Failure('VERSION_UNSUPPORTED', { details: { Supported: String(PROTOCOL_VERSION) } })
    const identity = authenticate(token, certificate)
    // Whose certificate names one is not taken for another.
    const isWhoItSays = certificate === undefined || client === undefined || client === certificate
    if (identity !== undefined && isWhoItSays) return identity
    return new Failure('AUTH_FAILED', { hint: 'send HELLO with the token of this server: HELLO <token>' })
  }

/** `fly to a point`, and the aliases. */
const summary = (command: Command): string =>
  [command.summary, ...command.aliases.map((alias) => `alias ${alias}`)].join(', ')

/** `MOVE: X Y [Z] [Speed], fly to a point`. */
const overview = (command: Command): ReplyEntries[number] => {
  const parameters = usage(command).slice(command.name.length + 1)
  return [command.name, parameters === '' ? summary(command) : `${parameters}, ${summary(command)}`]
}

/** `X: integer, cm, -2147483648..2147483647, required`, and the like, a header for each parameter. */
const explanation = (command: Command): ReplyEntries => [
  ['Summary', summary(command)],
  ['Usage', usage(command)],
  ...command.parameters.map((parameter) => [parameter.name, describe(parameter)] as const),
  ['Example', command.example],
]

const noHelp = (name: string, table: CommandTable): Failure =>
  new Failure('BAD_ARGUMENT', {
    reason: 'Command takes the name of a command',
    found: quoteText(name),
    param: 'Command',
    hint: hint(name, table.names) ?? 'HELP lists the commands',
  })
