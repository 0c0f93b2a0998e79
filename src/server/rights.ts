import type { Command } from '../commands/command.ts'
import { Failure } from '../wire/failure.ts'
import type { Control } from './control.ts'
import { mayAct } from './identities.ts'
import type { Presence } from './presence.ts'
import type { Recorder } from './recorder.ts'

/** On what it depends, beside the role, whether a command may be run. */
export interface Watch {
  readonly control: Control
  readonly recorder: Recorder | undefined
}

/** Why a pilot of some role may not run a command that is not for everyone. */
export function rightsRefusal(
  { name, role = 'observer', motion }: Command,
  pilot: Presence,
  { control, recorder }: Watch,
): Failure | undefined {
  if (!mayAct(pilot.role, role))
    return new Failure('FORBIDDEN', {
      reason: `${name} takes a session of the role ${role}, and this one is ${pilot.role}`,
    })
  if (motion !== true) return undefined
  // What nobody would know of later does not begin.
  if (recorder?.available === false) return new Failure('RECORDER_UNAVAILABLE')
  return control.refusal(pilot)
}
