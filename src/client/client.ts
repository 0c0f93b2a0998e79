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

/** What a command takes that is to be run, and not only tried. */
type RunParams<C extends Command> = GivenParams<C> & { readonly dryRun?: 'no' | undefined }

type Arguments<C extends Command> = C['parameters'] extends readonly []
  ? [params?: RunParams<C> | undefined, wait?: WaitOptions]
  : Partial<RunParams<C>> extends RunParams<C>
    ? [params?: RunParams<C>, wait?: WaitOptions]
    : [params: RunParams<C>, wait?: WaitOptions]

/** The answer to a Dry-Run that found nothing wrong. */
type Checked = { readonly command: string; readonly dryRun: string }

/** A command with this Key was run before, and has had this reply then. */
type Repeated = { readonly replayed?: true }

/** Over the framed wire a reply is no more than its words, and so has only the values that these repeat. */
type ReplyOver<C extends Command, W extends WireName> = 'framed' extends W ? Partial<Reply<C>> : Reply<C>

/** What takes its time: resolves when it is done, to where the drone is then; rejects where it failed or was CANCELLED. */
type Done<C extends Command, W extends WireName> = 'Op' extends C['reply']['headers'][number]['name']
  ? IsFramed<W> extends true
    ? unknown
    : { readonly done: Promise<Arrival> }
  : unknown

/** These are no methods: a client has `subscribe`, and the end of a loop unsubscribes. */
const NO_METHODS: readonly string[] = [subscribe.name, unsubscribe.name]
type NoMethod = typeof subscribe | typeof unsubscribe

/** All that can be said on the framed wire, but HELLO: once that has succeeded, its frame is a text for the display. */
const FRAMED = ['MOVE', 'WRITE', 'CHANGECOLOR', 'QUIT'] as const
type IsFramed<W extends WireName> = [W] extends ['framed'] ? true : false
type SaidOver<C extends Command, W extends WireName> =
  IsFramed<W> extends true ? Extract<C, { readonly name: (typeof FRAMED)[number] }> : Exclude<C, NoMethod>

const isSaidOver = (wire: WireName, name: string): boolean =>
  wire === 'framed' ? FRAMED.some((framed) => framed === name) : !NO_METHODS.includes(name)

/** A command that is run, or, with `dryRun: 'yes'`, tried. */
interface Method<C extends Command, W extends WireName> {
  (params: GivenParams<C> & { readonly dryRun: 'yes' }, wait?: WaitOptions): Promise<Checked & Repeated>
  (...args: Arguments<C>): Promise<ReplyOver<C, W> & Done<C, W> & Repeated>
}

/** A method for each command, named as it is in lower case: `client.move({ x: 10, y: 20 })`. */
export type Methods<C extends Command, W extends WireName = 'text'> = {
  readonly [Row in SaidOver<C, W> as Lowercase<Row['name']>]: Method<Row, W>
}

/** What the library itself takes. */
type Inside = 'open' | 'call' | 'subscribeOnce' | 'operations'
/** There are no events on the framed wire. */
type Hidden<W extends WireName> = IsFramed<W> extends true ? Inside | 'subscribe' : Inside

/** A session with a server: a method for each command, and what is not of any one command. */
export type Client<C extends Command = FlightCommand, W extends WireName = 'text'> = Omit<ClientSession, Hidden<W>> &
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
    if (!isSaidOver(options.wire ?? 'text', command.name)) continue
    const name = command.name.toLowerCase()
    if (name in session || name === 'then') throw new TypeError(`A client has a ${name} of its own: use request`)
    const isOperation = command.reply.headers.some((header) => header.name === OPERATION.name)
    const method = async (params?: Readonly<Record<string, unknown>>, wait?: WaitOptions) => {
      const reply = await session.call(command, params, wait)
      return isOperation && params?.['dryRun'] !== 'yes'
        ? withOutcome(session, reply, params?.['key'] as string | undefined)
        : reply
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
