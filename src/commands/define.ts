import type { Failure } from '../wire/failure.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Command } from './command.ts'
import type { Context, Handler } from './handler.ts'

/** A table row and what its command does. */
export type DefinedCommand<C extends Command> = C & { readonly handler: Handler<C> }

/** What any handler may answer. */
export type HandlerResult = ReplyValues | Failure

/** A handler of any command: what its row says of the parameters is not known any more. */
export type AnyHandler = (params: never, context: Context) => HandlerResult | Promise<HandlerResult>

/** What a Dry-Run asks: what the handler would refuse. */
export type AnyCheck = (params: never, context: Context) => Failure | undefined

/** Any command with its handler. */
export type ServedCommand = Command & {
  readonly handler: AnyHandler
  /** Why it would be refused, if it came now. Changes nothing. */
  readonly check?: AnyCheck | undefined
}

type Sketch = Omit<Command, 'aliases' | 'states'> & Partial<Pick<Command, 'aliases' | 'states'>>
type Completed<S extends Sketch> = S & Pick<Command, 'aliases' | 'states'>

/**
 * A command of one's own, for a server and its clients: a table row, and what the command does with the parameters
 * that the row describes. Without `states` it is allowed once HELLO has succeeded.
 */
export const defineCommand = <const S extends Sketch>(
  row: S,
  handler: Handler<Completed<S>>,
): DefinedCommand<Completed<S>> => ({ aliases: [], states: ['Authenticated'], ...row, handler })
