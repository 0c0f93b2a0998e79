import type { CommandTable } from '../commands/table.ts'
import { Message } from '../wire/message.ts'
import { Output } from '../wire/output.ts'
import { Dispatcher } from './dispatcher.ts'
import { Intake } from './intake.ts'
import { StopLane } from './stop-lane.ts'

/** What sessions share, since only one is at work at a time: it is bare again when that one stops. */
export class Workbench {
  readonly output = new Output()
  readonly message = new Message()
  readonly intake: Intake
  readonly dispatcher: Dispatcher
  readonly stopLane: StopLane

  /** `motionTtlMs`: the Ttl of motion that has none of its own, in milliseconds; 0 is none. */
  constructor(table: CommandTable, stopLane = new StopLane(), motionTtlMs = 0) {
    this.intake = new Intake(table)
    this.stopLane = stopLane
    this.dispatcher = new Dispatcher(this.intake, stopLane, motionTtlMs)
  }
}
