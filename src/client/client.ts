import type { Command } from '../commands/command.ts'
import { type ConversationCommand, FLIGHT, withConversation } from '../commands/commands.ts'
import type { GivenParams, Reply } from '../commands/handler.ts'
import { OPERATION } from '../commands/operation.ts'
import { subscribe } from '../commands/subscribe.ts'
import { unsubscribe } from '../commands/unsubscribe.ts'
import type { WireName } from '../wire/wire.ts'
import type { RequestError } from './error.ts'
import { type Arrival, outcomeOf } from './operation.ts'
import type { SessionOptions } from './options.ts'
import type { WaitOptions } from './outstanding.ts'
import { ClientSession } from './session.ts'

type FlightCommand = (typeof FLIGHT)[number]

export interface ConnectOptions<C extends Command = FlightCommand, W extends WireName = WireName>
  extends SessionOptions {
  readonly wire?: W | undefined
  /** The commands that the server has beside HELLO, PING, HELP and QUIT: those of the drone, if left out. */
  readonly commands?: readonly C[]
}

type Arguments<C extends Command> = C['parameters'] extends readonly []
  ? [params?: GivenParams<C> | undefined, wait?: WaitOptions]
  : Partial<GivenParams<C>> extends GivenParams<C>
    ? [params?: GivenParams<C>, wait?: WaitOptions]
    : [params: GivenParams<C>, wait?: WaitOptions]

/** A command with this Key was run before, and has had this reply then. */
type Repeated = { readonly replayed?: true }

/** Over the framed wire a reply is no more than its words, and so has only the values that these repeat. */
type ReplyOver<C extends Command, W extends WireName> = 'framed' extends W ? Partial<Reply<C>> : Reply<C>

/** What takes its time: resolves when it is done, to where the drone is then; rejects where it failed or was CANCELLED. */
type Done<C extends Command> = 'Op' extends C['reply']['headers'][number]['name']
  ? { readonly done: Promise<Arrival> }
  : unknown

/** These are no methods: a client has `subscribe`, and the end of a loop unsubscribes. */
const NO_METHODS: readonly string[] = [subscribe.name, unsubscribe.name]
type NoMethod = typeof subscribe | typeof unsubscribe

/** A method for each command, named as it is in lower case: `client.move({ x: 10, y: 20 })`. */
export type Methods<C extends Command, W extends WireName = 'text'> = {
  readonly [Row in Exclude<C, NoMethod> as Lowercase<Row['name']>]: (
    ...args: Arguments<Row>
  ) => Promise<ReplyOver<Row, W> & Done<Row> & Repeated>
}

/** What the library itself takes. */
type Inside = 'open' | 'call' | 'subscribeOnce' | 'operations'

/** A session with a server: a method for each command, and what is not of any one command. */
export type Client<C extends Command = FlightCommand, W extends WireName = 'text'> = Omit<ClientSession, Inside> &
  Methods<C | ConversationCommand, W>

/**
 * Connects, says HELLO, and resolves to a client.
 *
 * Rejects with a {@link RequestError}: of the protocol (AUTH_FAILED, BUSY, VERSION_UNSUPPORTED, …), CONNECTION_CLOSED,
 * TIMEOUT or ABORTED; `timeoutMs` and `signal` hold for connecting, too.
 */
export async function connect<const C extends Command = FlightCommand, const W extends WireName = 'text'>(
  options: ConnectOptions<C, W>,
): Promise<Client<C, W>> {
  const commands = withConversation<Command>(options.commands ?? FLIGHT)
  const session = new ClientSession(options, commands)
  for (const command of commands) {
    if (NO_METHODS.includes(command.name)) continue
    const name = command.name.toLowerCase()
    if (name in session || name === 'then') throw new TypeError(`A client has a ${name} of its own: use request`)
    const isOperation = command.reply.headers.some((header) => header.name === OPERATION.name)
    const method = async (params?: Readonly<Record<string, unknown>>, wait?: WaitOptions) => {
      const reply = await session.call(command, params, wait)
      return isOperation ? withOutcome(session, reply, params?.['key'] as string | undefined) : reply
    }
    Object.defineProperty(session, name, { value: method, enumerable: true })
  }
  await session.open()
  return session as unknown as Client<C, W>
}

/** A reply with `done`, which asks only when it is asked. */
function withOutcome(session: ClientSession, reply: Readonly<Record<string, unknown>>, key: string | undefined) {
  const { operations } = session
  const operation = operations.told(reply['op'] as number | undefined, reply['replayed'] === true, key)
  let done: Promise<Arrival> | undefined
  const get = () => {
    if (done !== undefined) return done
    done = outcomeOf(session, operation, operations)
    // Who takes it early and awaits it late is told then, and until then it is nobody's mistake.
    done.catch(() => {})
    return done
  }
  return Object.defineProperty({ ...reply }, 'done', { get })
}
