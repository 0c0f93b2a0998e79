import type { Failure } from '../wire/failure.ts'
import type { ReplyEntries } from '../wire/reply.ts'
import type { Command, Parameter, ReplyHeader } from './command.ts'

type ParameterValue<P extends Parameter> = P extends { type: 'integer' } ? number : string

/** `required`, or with a default: the handler finds a value. */
type Present<P extends Parameter> = P extends { required: true } | { default: number }
  ? ParameterValue<P>
  : ParameterValue<P> | undefined

/** The parameters of a command as its handler gets them, by property name: `Speed` is `speed`. */
export type Params<C extends Command> = C['parameters'] extends readonly []
  ? Readonly<Record<string, never>>
  : { readonly [P in C['parameters'][number] as Uncapitalize<P['name']>]: Present<P> }

type Given<C extends Command, Need> = Extract<C['parameters'][number], { required: Need }>

/** The parameters of a command as a client gives them: those with a default may be left out. */
export type GivenParams<C extends Command> = C['parameters'] extends readonly []
  ? Readonly<Record<string, never>>
  : {
      readonly [P in Given<C, true> as Uncapitalize<P['name']>]: ParameterValue<P>
    } & {
      readonly [P in Given<C, false> as Uncapitalize<P['name']>]?: ParameterValue<P> | undefined
    }

type HeaderValue<H extends ReplyHeader> = H extends { type: 'integer' } ? number : string

type OptionalHeader<C extends Command> = Extract<C['reply']['headers'][number], { optional: true }>
type RequiredHeader<C extends Command> = Exclude<C['reply']['headers'][number], { optional: true }>

/** The good reply of a command as its handler gives it, by property name. */
export type Reply<C extends Command> = {
  readonly [H in RequiredHeader<C> as Uncapitalize<H['name']>]: HeaderValue<H>
} & {
  readonly [H in OptionalHeader<C> as Uncapitalize<H['name']>]?: HeaderValue<H> | undefined
} & (C['reply'] extends { open: true } ? { readonly entries: ReplyEntries } : unknown)

/** What a handler may know of the session that it works for. */
export interface Context {
  /** Aborted when the answer can no longer be given: the connection is gone, or the server is shutting down. */
  readonly signal: AbortSignal
  /** Whom the certificate names that the client has shown, if it has. */
  readonly identity?: string | undefined
  /** Gives the client a name in the log. */
  identify(client: string): void
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
