import type { Feed } from '../drone/feed.ts'
import { Failure } from '../wire/failure.ts'

export const CONTROL_MODES = ['shared', 'exclusive'] as const
export type ControlMode = (typeof CONTROL_MODES)[number]

/** Who may be in control. */
export interface Pilot {
  /** What others are told: the name of an identity, or else what the client calls itself, or its number. */
  readonly label: string
  /** The name of an identity, which is the same over whichever connection. */
  readonly identity: string | undefined
}

/** Who is in control of the drone: all are, or one at a time. */
export class Control {
  readonly mode: ControlMode
  readonly #feed: Feed
  #holder: Pilot | undefined

  constructor(mode: ControlMode, feed: Feed) {
    this.mode = mode
    this.#feed = feed
  }

  isHolder(pilot: Pilot): boolean {
    return this.#holder === pilot
  }

  /** Whether another session is in control, be it of the same pilot. */
  isElsewhere(pilot: Pilot): boolean {
    return this.#holder !== undefined && this.#holder !== pilot
  }

  /** Why a pilot may not set the drone in motion. */
  refusal(pilot: Pilot): Failure | undefined {
    const holder = this.#holder
    return holder === undefined || isSame(holder, pilot) ? undefined : notInControl(holder)
  }

  /** Takes control, if nobody else has it or it is taken by force. To set the drone in motion takes it, too. */
  take(pilot: Pilot, force = false): Failure | undefined {
    if (this.mode === 'shared' || this.#holder === pilot) return undefined
    const refusal = force ? undefined : this.refusal(pilot)
    if (refusal !== undefined) return refusal
    const change = this.#holder === undefined || isSame(this.#holder, pilot) ? 'acquired' : 'forced'
    this.#holder = pilot
    this.#tell(change)
    return undefined
  }

  /** Gives control back, also that of the same pilot over another connection. */
  giveBack(pilot: Pilot): void {
    if (this.#holder !== undefined && isSame(this.#holder, pilot)) this.release(this.#holder, 'released')
  }

  /** The session that is in control gives it back, or has lost it with the connection. */
  release(pilot: Pilot, change: 'released' | 'lost'): void {
    if (this.#holder !== pilot) return
    this.#holder = undefined
    this.#tell(change)
  }

  #tell(change: string): void {
    if (this.#feed.wants('CONTROL')) this.#feed.publish('CONTROL', { change, holder: this.#holder?.label })
  }
}

/** Whether two are one, who has come back over another connection. */
export const isSame = (one: Pilot, other: Pilot): boolean =>
  one === other || (one.identity !== undefined && one.identity === other.identity)

const notInControl = ({ label }: Pilot): Failure =>
  new Failure('NOT_IN_CONTROL', {
    reason: 'Another session is in control of the drone',
    details: { Holder: label },
    hint: 'RELEASE there, or ACQUIRE with Force: yes here, as an admin',
  })

export const notByForce = (): Failure =>
  new Failure('FORBIDDEN', { reason: 'Only an admin takes control by force', param: 'Force' })
