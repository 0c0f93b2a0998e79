import type { Failure } from '../wire/failure.ts'
import type { PropertyName, ReplyEntries } from '../wire/reply.ts'
import type { Command, Parameter, ReplyHeader, Role } from './command.ts'
import type { Conditions } from './conditions.ts'
import type { Topic } from './events.ts'

type ParameterValue<P extends Parameter> = P extends { type: 'integer' }
  ? number
  : P extends { type: 'choice'; values: readonly (infer V)[] }
    ? V
    : string

/** `required`, or with a default: the handler finds a value. */
type Present<P extends Parameter> = P extends { required: true } | { default: number }
  ? ParameterValue<P>
  : ParameterValue<P> | undefined

/** The parameters of a command as its handler gets them, by property name: `Speed` is `speed`. */
export type Params<C extends Command> = C['parameters'] extends readonly []
  ? Readonly<Record<string, never>>
  : { readonly [P in C['parameters'][number] as PropertyName<P['name']>]: Present<P> }

type Given<C extends Command, Need> = Extract<C['parameters'][number], { required: Need }>

/** The parameters of a command as a client gives them: those with a default may be left out. With them, conditions. */
export type GivenParams<C extends Command> = Conditions &
  (C['parameters'] extends readonly []
    ? unknown
    : {
        readonly [P in Given<C, true> as PropertyName<P['name']>]: ParameterValue<P>
      } & {
        readonly [P in Given<C, false> as PropertyName<P['name']>]?: ParameterValue<P> | undefined
      })

type HeaderValue<H extends ReplyHeader> = H extends { type: 'integer' } ? number : string

/** The values of some headers, by property name. */
export type HeaderValues<H extends ReplyHeader> = {
  readonly [Each in Exclude<H, { optional: true }> as PropertyName<Each['name']>]: HeaderValue<Each>
} & {
  readonly [Each in Extract<H, { optional: true }> as PropertyName<Each['name']>]?: HeaderValue<Each> | undefined
}

/** The good reply of a command as its handler gives it, by property name. */
export type Reply<C extends Command> = HeaderValues<C['reply']['headers'][number]> &
  (C['reply'] extends { open: true } ? { readonly entries: ReplyEntries } : unknown)

/** Who has said HELLO. */
export interface Identity {
  /** Undefined where all have one token, or none, and no certificate tells them apart. */
  readonly name: string | undefined
  readonly role: Role
}

export interface Guest {
  readonly identity: Identity
  /** What the client calls itself, for the log. */
  readonly client: string | undefined
  readonly onClose: 'hover' | 'land' | 'continue' | undefined
  /** Wants to be missed after so long a silence, in milliseconds. */
  readonly leaseMs: number | undefined
}

/** What a handler may know of the session that it works for. */
export interface Context {
  /**
   * Aborted when the answer can no longer be given: the connection is gone, unless the command has a Key and may be asked
   * for over another; or the server is shutting down.
   */
  readonly signal: AbortSignal
  /** Who has said HELLO, by the name in the token file or in the certificate. */
  readonly identity?: string | undefined
  /** Whom the certificate names that the client has shown, if it has. */
  readonly certificate?: string | undefined
  /** HELLO has succeeded: who it is, and what is to happen when the session ends. */
  welcome(guest: Guest): void
  /** The number of the session: what tells its operations from those of others. */
  readonly session: number
  /** Numbers the operations of the session, from 1. */
  nextOperation(): number
  /** The last number that it has given. */
  readonly lastOperation: number
  /** Whether one session at a time is in control of the drone. */
  readonly control: 'shared' | 'exclusive'
  /** Why it could not be taken. */
  refusalToAcquire(force: boolean): Failure | undefined
  /** Takes control of the drone. */
  acquire(force: boolean): Failure | undefined
  /** Gives it back. */
  release(): void
  /** Passes events of a topic on to the client, those about telemetry so often; takes the place of what was before. */
  subscribe(topic: Topic, rateHz: number): void
  /** Ends that, for one topic or for all. */
  unsubscribe(topic?: Topic): void
}

/**
 * What a command does. Answers at once, or later: then the replies behind it wait (R1). One that throws or rejects
 * costs its own command INTERNAL, and nothing else.
 */
export type Handler<C extends Command> = (
  params: Params<C>,
  context: Context,
) => Reply<C> | Failure | Promise<Reply<C> | Failure>

/** A handler for each command of a table. */
export type Handlers<C extends Command> = { readonly [Row in C as Row['name']]: Handler<Row> }
