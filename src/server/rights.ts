import type { PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { Control } from './control.ts'
import type { Presence } from './presence.ts'
import type { Recorder } from './recorder.ts'

/** On what it depends, beside the role, whether a command may be run. */
export interface Watch {
  readonly control: Control
  readonly recorder: Recorder | undefined
}

/** Why a pilot may not run a command. */
export function rightsRefusal(
  command: PreparedCommand,
  pilot: Presence,
  { control, recorder }: Watch,
): Failure | undefined {
  if (pilot.rank < command.rank) return forbidden(command, pilot)
  if (!command.motion) return undefined
  // What nobody would know of later does not begin.
  if (recorder?.canWrite() === false) return new Failure('RECORDER_UNAVAILABLE')
  return control.refusal(pilot)
}

const forbidden = ({ spec }: PreparedCommand, { role }: Presence): Failure =>
  new Failure('FORBIDDEN', {
    reason: `${spec.name} takes a session of the role ${spec.role}, and this one is ${role}`,
  })

export const nobodyAnyMore = (): Failure =>
  new Failure('AUTH_FAILED', { reason: 'The token file has no such name any more', fatal: true })
