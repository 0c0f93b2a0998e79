import type { SessionState } from '../commands/command.ts'
import type { Conditions } from '../commands/conditions.ts'
import { decodeInOrder, decodeQuickly } from '../commands/decode.ts'
import type { CommandTable, DecodedParams, PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { Message } from '../wire/message.ts'
import { badId, explain, unknownCommand, wrongState } from './refusals.ts'
import { isHttp } from './stranger.ts'

/** Says what a message asks for. What it found beside the parameters stands in its fields. */
export class Intake {
  command: PreparedCommand | undefined
  /** Where there are any. */
  conditions: Conditions | undefined
  readonly #table: CommandTable

  constructor(table: CommandTable) {
    this.#table = table
  }

  /** Whether a message is of the stop lane, as far as its name tells. */
  isUrgent(message: Message): boolean {
    return this.#table.find(message)?.urgent === true
  }

  /**
   * The parameters of the command of a message; or why it is not to be run, in the order of R7. Without a state, in
   * whichever.
   */
  admit(message: Message, state?: SessionState): DecodedParams | Failure {
    const command = this.#table.find(message)
    this.command = command
    if (command === undefined) return unknownCommand(message, this.#table)
    if (state !== undefined && !isAllowed(command, state)) return wrongState(command.spec.name, state)
    if (message.idStart >= 0 && !message.hasGoodId()) return badId(message)
    this.conditions = undefined
    return decodeQuickly(command, message) ?? this.#decode(command, message)
  }

  #decode(command: PreparedCommand, message: Message): DecodedParams | Failure {
    const decoded = decodeInOrder(command, message)
    if (decoded instanceof Failure) return decoded
    this.conditions = decoded.conditions
    return decoded.params
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

/** Nearly all commands come when HELLO has succeeded. */
const isAllowed = (command: PreparedCommand, state: SessionState): boolean =>
  state === 'Authenticated' ? command.ofGreeted : command.spec.states.includes(state)
