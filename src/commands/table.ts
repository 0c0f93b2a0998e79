import type { Message } from '../wire/message.ts'
import { Names } from '../wire/names.ts'
import { propertyName, ReplyFormat } from '../wire/reply.ts'
import { builder } from '../wire/tailored.ts'
import { type Command, hasPosition, type Parameter, ROLES, rankOf, takesRestOfLine } from './command.ts'
import { CONDITIONS } from './conditions.ts'
import { checkCommand, MAX_COMMANDS, REPLAYED } from './rules.ts'

/**
 * A parameter made ready for use: every one an object of the same shape, so that decoding, which looks at them all for
 * every message, need not find out first what it looks at: 40 ns of 100 for a MOVE.
 */
export interface PreparedParameter {
  readonly spec: Parameter
  /** Its place among those of its command. */
  readonly index: number
  /** Under which the handler finds its value. */
  readonly property: string
  readonly type: Parameter['type']
  /** An integer, and no condition. */
  readonly isOwnInteger: boolean
  readonly required: boolean
  readonly takesRest: boolean
  /** Of an integer its range; of anything else zero. */
  readonly min: number
  readonly max: number
}

export type ParameterValue = number | string | undefined

/** The decoded parameters of a message, by property name: what the handler of its command takes. */
export type DecodedParams = Readonly<Record<string, ParameterValue>>

/** A command made ready for use. */
export interface PreparedCommand {
  /** Its place among the commands of the table. */
  readonly index: number
  readonly spec: Command
  /** As in the row. */
  readonly motion: boolean
  readonly urgent: boolean
  readonly ofSession: boolean
  /** It may come when HELLO has succeeded. */
  readonly ofGreeted: boolean
  /** Of the least role that may use it. */
  readonly rank: number
  /** The parameters that are required, as bits: that of the first is 1. */
  readonly required: number
  /** The last parameter takes the rest of the line. */
  readonly takesRest: boolean
  /** Each of its parameters is an integer, but for those that are headers only. */
  readonly takesIntegersOnly: boolean
  /** In table order: first those that may stand in the command line, so many. */
  readonly positions: number
  readonly parameters: readonly PreparedParameter[]
  /** The same by header key. */
  readonly byKey: Names<PreparedParameter>
  /** So many of them are of the command itself; behind them stand the conditions. */
  readonly own: number
  /** Makes of what a message gives, where the bits of `found` say so, the parameters that the handler takes. */
  readonly build: (given: ParameterValue[], found: number) => DecodedParams
  readonly reply: ReplyFormat
  /** The same of a reply that was given before (Key). */
  readonly replayed: ReplyFormat
}

/** Whether it sets the drone in motion, or ends that. */
export const touchesMotion = ({ motion, urgent }: PreparedCommand): boolean => motion || urgent

/** A set of commands, found by name or alias without case. */
export class CommandTable {
  readonly commands: readonly Command[]
  readonly #byName: Names<PreparedCommand>

  /** Throws a TypeError where a row breaks a rule of the table. */
  constructor(commands: readonly Command[]) {
    if (commands.length > MAX_COMMANDS) throw new TypeError(`HELP cannot list more than ${MAX_COMMANDS} commands`)
    this.commands = commands
    this.#byName = new Names(
      commands.flatMap((spec, index) => {
        const prepared = prepare(spec, index)
        return [spec.name, ...spec.aliases].map((name) => [name, prepared] as const)
      }),
    )
  }

  /** Every name and alias. */
  get names(): string[] {
    return this.commands.flatMap(({ name, aliases }) => [name, ...aliases])
  }

  /** The command of a message. */
  find({ bytes, commandStart, commandEnd, commandHash }: Message): PreparedCommand | undefined {
    return this.#byName.find(bytes, commandStart, commandEnd, commandHash)
  }

  get(name: string): PreparedCommand | undefined {
    return this.#byName.get(name)
  }
}

function prepare(spec: Command, index: number): PreparedCommand {
  checkCommand(spec)
  const { parameters, reply } = spec
  const shape = {
    summary: reply.summary,
    shown: reply.shown ?? [],
    headers: reply.headers.map(({ name }) => name),
    open: reply.open ?? false,
  }
  const prepared = [...parameters, ...CONDITIONS].map((parameter, place) =>
    prepareParameter(parameter, place, place < parameters.length),
  )
  return {
    index,
    spec,
    motion: spec.motion === true,
    urgent: spec.urgent === true,
    ofSession: spec.ofSession === true,
    ofGreeted: spec.states.includes('Authenticated'),
    rank: rankOf(spec.role ?? ROLES[0]),
    required: parameters.reduce((bits, { required }, place) => (required ? bits | (1 << place) : bits), 0),
    takesRest: takesRestOfLine(parameters.filter(hasPosition).at(-1)),
    positions: parameters.filter(hasPosition).length,
    takesIntegersOnly: parameters.filter(hasPosition).every(({ type }) => type === 'integer'),
    own: parameters.length,
    parameters: prepared,
    byKey: new Names(prepared.map((parameter) => [parameter.spec.name, parameter])),
    build: builder<number | string>(
      parameters.map(({ name }) => propertyName(name)),
      parameters.map((parameter) => (parameter.type === 'integer' ? parameter.default : undefined)),
    ),
    reply: new ReplyFormat(shape),
    replayed: new ReplyFormat({ ...shape, headers: [...shape.headers, REPLAYED] }),
  }
}

const prepareParameter = (spec: Parameter, index: number, isOwn: boolean): PreparedParameter => ({
  spec,
  index,
  property: propertyName(spec.name),
  type: spec.type,
  isOwnInteger: isOwn && spec.type === 'integer',
  required: spec.required,
  takesRest: takesRestOfLine(spec),
  min: spec.type === 'integer' ? spec.min : 0,
  max: spec.type === 'integer' ? spec.max : 0,
})
