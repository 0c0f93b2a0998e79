import { COMMANDS } from '../../src/commands/commands.ts'
import { decode } from '../../src/commands/decode.ts'
import type { DecodedParams } from '../../src/commands/table.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { Failure } from '../../src/wire/failure.ts'
import { parsed } from './parsed.ts'

const COMMAND_TABLE = new CommandTable(COMMANDS)

/** The parameters of a message that parses, given as `parsed` takes it. */
export function decoded(text: string, table = COMMAND_TABLE): DecodedParams | Failure {
  const { message, fault } = parsed(text)
  const command = table.find(message)
  if (fault !== undefined || command === undefined) return fault ?? new Failure('UNKNOWN_COMMAND')
  const found = decode(command, message)
  return found instanceof Failure ? found : found.params
}

/** The code of the failure that a message comes to, and the parameter that it names; or else its parameters. */
export function failureOf(text: string, table = COMMAND_TABLE) {
  const found = decoded(text, table)
  return found instanceof Failure ? { code: found.code, param: found.parts.param } : found
}
