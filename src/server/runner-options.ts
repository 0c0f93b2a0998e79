import type { AnyCheck, AnyHandler, HandlerResult } from '../commands/define.ts'
import type { Asker } from '../drone/operations.ts'
import type { Control } from './control.ts'
import type { Failsafe } from './failsafe.ts'
import type { Keys } from './keys.ts'
import type { Recorder } from './recorder.ts'

/** What all runners of a server share. */
export interface RunnerOptions {
  /** By the places of their commands in the table. */
  readonly handlers: readonly AnyHandler[]
  readonly checks: readonly (AnyCheck | undefined)[]
  readonly control: Control
  readonly failsafe: Failsafe
  readonly keys: Keys
  /** A reply is given in another session again: what it tells of is that one's, too. */
  readonly adopt: (reply: HandlerResult, from: number, to: Asker) => void
  readonly recorder: Recorder | undefined
  /** Of the server. */
  readonly lifetime: AbortSignal
}
