/** The states of a session (section 5). */
export type SessionState = 'Handshake' | 'Authenticated' | 'Closing'

interface ParameterBasics {
  /** As it stands on the wire: `Speed`. */
  readonly name: string
  /** Said by HELP. */
  readonly summary?: string
  readonly required: boolean
  /** Has no positional form: stands behind all that have one. */
  readonly headerOnly?: boolean
}

/** A whole number, `^(0|-?[1-9][0-9]*)$`, from `min` to `max`. */
export interface IntegerParameter extends ParameterBasics {
  readonly type: 'integer'
  readonly unit?: string
  readonly min: number
  readonly max: number
  /** What an optional parameter is when it is absent. */
  readonly default?: number
}

/** UTF-8 that is safe to show: no C1 control, no U+2028, U+2029 or U+FEFF, no bidi control (R4). */
export interface TextParameter extends ParameterBasics {
  readonly type: 'text'
  readonly minBytes: number
  readonly maxBytes: number
  /** The positional form takes the rest of the line. Only for the last parameter. */
  readonly restOfLine?: boolean
}

/** One of some words, found without case. */
export interface ChoiceParameter extends ParameterBasics {
  readonly type: 'choice'
  /** In upper case or in lower. */
  readonly values: readonly string[]
}

/** Any value at all, which the handler judges. */
export interface OpaqueParameter extends ParameterBasics {
  readonly type: 'opaque'
}

export type Parameter = IntegerParameter | TextParameter | ChoiceParameter | OpaqueParameter

/** Whether the positional form of a parameter takes the rest of the line. */
export const takesRestOfLine = (parameter: Parameter | undefined): boolean =>
  parameter?.type === 'text' && parameter.restOfLine === true

/** Whether a parameter may stand in the command line, without its name. */
export const hasPosition = ({ headerOnly }: Parameter): boolean => headerOnly !== true

/** A header of a good reply. */
export interface ReplyHeader {
  readonly name: string
  readonly type: 'integer' | 'text'
  readonly unit?: string
  readonly optional?: boolean
}

/** What an identity may do: each what those before it may, and more. */
export const ROLES = ['observer', 'pilot', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** How much a role may do: as much as any of a lower rank, and more. */
export const rankOf = (role: Role): number => ROLES.indexOf(role)

/** One row of the table of commands: all that is known of a command but what it does. */
export interface Command {
  readonly name: string
  readonly aliases: readonly string[]
  readonly states: readonly SessionState[]
  readonly parameters: readonly Parameter[]
  /** Sets the drone in motion: does not run any more when an urgent command has come behind it. */
  readonly motion?: boolean
  /** Changes nothing but its own session, so that a Key keeps no other from running it. */
  readonly ofSession?: boolean
  /** Who may use it: everyone, if left out. */
  readonly role?: Role
  /** Of the stop lane: runs as soon as it has come, ahead of all that waits in its session. */
  readonly urgent?: boolean
  readonly summary: string
  readonly example: string
  readonly reply: {
    /** The first words of a good reply: `OK <summary>`. */
    readonly summary: string
    /** The headers whose values the summary repeats in parentheses. */
    readonly shown?: readonly string[]
    readonly headers: readonly ReplyHeader[]
    /** Further headers follow, whose names only the handler knows. */
    readonly open?: boolean
  }
}

/** Says that a table row is a command, and keeps its literal types, from which those of its handler come. */
export const command = <const C extends Command>(row: C): C => row
