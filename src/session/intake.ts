import type { SessionState } from '../commands/command.ts'
import type { Conditions } from '../commands/conditions.ts'
import { decodeInOrder, decodeQuickly } from '../commands/decode.ts'
import type { CommandTable, DecodedParams, PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { Message } from '../wire/message.ts'
import { badId, explain, unknownCommand, wrongState } from './refusals.ts'
import { isHttp } from './stranger.ts'

const NO_PARAMS: DecodedParams = {}

/** Says what a message asks for. What it found last stands in its fields, so that nothing is made for a message. */
export class Intake {
  command: PreparedCommand | undefined
  params: DecodedParams = NO_PARAMS
  /** Where there are any. */
  conditions: Conditions | undefined
  readonly #table: CommandTable

  constructor(table: CommandTable) {
    this.#table = table
  }

  /**
   * Finds the command of a message and its parameters; or why it is not to be run, in the order of R7. Without a state,
   * in whichever.
   */
  admit(message: Message, state?: SessionState): Failure | undefined {
    const command = this.#table.find(message)
    this.command = command
    if (command === undefined) return unknownCommand(message, this.#table)
    const { name, states } = command.spec
    if (state !== undefined && !states.includes(state)) return wrongState(name, state)
    if (message.idStart >= 0 && !message.hasGoodId()) return badId(message)
    const params = decodeQuickly(command, message)
    if (params === undefined) return this.#decode(command, message)
    this.params = params
    this.conditions = undefined
    return undefined
  }

  #decode(command: PreparedCommand, message: Message): Failure | undefined {
    const decoded = decodeInOrder(command, message)
    if (decoded instanceof Failure) return decoded
    this.params = decoded.params
    this.conditions = decoded.conditions
    return undefined
  }

  /** What is wrong with a message that is none. */
  explain(fault: Failure, message: Message): Failure {
    return explain(fault, message, this.#table)
  }

  /** Whether a message, well-formed or not, is one of HTTP (F8). */
  isHttp(message: Message, parsed: boolean): boolean {
    return isHttp(message, parsed, this.#table)
  }
}
