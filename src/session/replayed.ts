import { REPLAYED } from '../commands/rules.ts'
import type { PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import { propertyName, type ReplyValues } from '../wire/reply.ts'
import type { Outcome } from './host.ts'

/** A reply that was given before, and says so. */
export class Replayed {
  readonly told: ReplyValues | Failure

  constructor(given: ReplyValues | Failure) {
    this.told = given instanceof Failure ? repeated(given) : { ...given, [propertyName(REPLAYED)]: 'yes' }
  }

  /** The command with the shape of such a reply. */
  of(command: PreparedCommand): PreparedCommand {
    return { ...command, reply: command.replayed }
  }
}

export const outcomeOf = (result: ReplyValues | Failure | Replayed): Outcome =>
  result instanceof Replayed ? 'replayed' : 'answered'

const repeated = ({ code, parts }: Failure): Failure =>
  new Failure(code, { ...parts, details: { ...parts.details, [REPLAYED]: 'yes' } })
