import { type Role, rankOf } from '../commands/command.ts'
import type { Guest, Identity } from '../commands/handler.ts'
import type { Failure } from '../wire/failure.ts'
import type { ConnectionLog } from './connection-log.ts'
import { type Control, notByForce, type Pilot } from './control.ts'
import type { Failsafe } from './failsafe.ts'
import type { Reviewer } from './identities.ts'

/** What it matters to that somebody is there. */
export interface PresenceOptions {
  readonly control: Control
  readonly failsafe: Failsafe
}

/** Before HELLO. */
const NOBODY: Identity = { name: undefined, role: 'observer' }

/** Who is at the other end of a connection, and what comes of it when nobody is there any more. */
export class Presence implements Pilot {
  /** Of its role. */
  rank = rankOf(NOBODY.role)
  readonly #options: PresenceOptions
  readonly #log: ConnectionLog
  #guest: Guest | undefined
  /** Once it was asked for. */
  #label: string | undefined

  constructor(options: PresenceOptions, log: ConnectionLog) {
    this.#options = options
    this.#log = log
  }

  get identity(): string | undefined {
    return this.#identity.name
  }

  get role(): Role {
    return this.#identity.role
  }

  get label(): string {
    this.#label ??= this.identity ?? this.#guest?.client ?? `connection ${this.#log.connection}`
    return this.#label
  }

  get leaseMs(): number | undefined {
    return this.#guest?.leaseMs
  }

  /** HELLO has succeeded. */
  welcome(guest: Guest): void {
    this.#guest = guest
    this.#label = undefined
    this.rank = rankOf(this.role)
    const name = this.identity ?? guest.client
    if (name !== undefined) this.#log.identify(name)
    // Who is not to be missed is not heard again either.
    if (guest.leaseMs !== undefined) this.#options.failsafe.regained(this)
  }

  /** Is from now on who it is by other credentials. Returns false where that is nobody any more. */
  review(reviewer: Reviewer, certificate: string | undefined): boolean {
    const guest = this.#guest
    if (guest === undefined) return true
    const identity = reviewer(guest.identity, certificate)
    if (identity === undefined) return false
    this.#guest = { ...guest, identity }
    this.rank = rankOf(identity.role)
    if (identity.role === 'observer') this.#demoted(guest)
    return true
  }

  /** May fly no more: the drone is left as when the session ends. */
  #demoted({ onClose }: Guest): void {
    const { control, failsafe } = this.#options
    if (!control.isHolder(this)) return
    failsafe.closed(this, onClose ?? 'hover')
    control.release(this, 'released')
  }

  /** A pilot with a lease is missed, or heard again: nothing to the drone, where another session has it in hand. */
  leaseChanged(state: 'lost' | 'regained'): void {
    const { failsafe, control } = this.#options
    if (state === 'regained' || this.#isPilot) failsafe[state](this)
    // Who is gone holds up nobody else; who is back takes control again by flying.
    if (state === 'lost') control.release(this, 'lost')
  }

  /** The connection is gone. `orderly`: by QUIT, or by the end of the input after the last reply. */
  left(orderly: boolean): void {
    const { control, failsafe } = this.#options
    if (this.#guest === undefined) return
    const { leaseMs, onClose = control.isHolder(this) ? 'hover' : 'continue' } = this.#guest
    const hasLease = leaseMs !== undefined
    if (hasLease && !orderly) this.leaseChanged('lost')
    failsafe.closed(this, this.#isPilot && (orderly || !hasLease) ? onClose : 'continue')
    control.release(this, orderly ? 'released' : 'lost')
  }

  get #identity(): Identity {
    return this.#guest?.identity ?? NOBODY
  }

  /**
   * Whether it matters to the drone that it is there: not of one who only looks on, nor where another is in control, nor
   * where the same pilot has flown over another connection since.
   */
  get #isPilot(): boolean {
    const { control, failsafe } = this.#options
    return this.role !== 'observer' && !control.isElsewhere(this) && !failsafe.hasMovedOn(this)
  }

  /** Why it may not take control of the drone. */
  refusalToAcquire(force: boolean): Failure | undefined {
    if (!force) return this.#options.control.refusal(this)
    return this.role === 'admin' ? undefined : notByForce()
  }

  acquire(force: boolean): Failure | undefined {
    return this.refusalToAcquire(force) ?? this.#options.control.take(this, force)
  }

  /** Whether HELLO has succeeded. */
  get isGreeted(): boolean {
    return this.#guest !== undefined
  }
}
