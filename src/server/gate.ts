import type { Clock } from '../time/clock.ts'
import type { Code } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import { isLoopback } from './address.ts'
import { Penalties } from './penalties.ts'

export interface GateOptions {
  readonly maxConnections: number
  readonly maxUnauthenticated: number
  /** Penalties and the early drop are not for connections from this machine. */
  readonly loopbackExempt: boolean
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
}

/** Who has come. */
export interface Visitor {
  /** Its place goes to another. */
  dropped(): void
}

/** A connection that was let in, from when it was accepted to when it is gone. */
export class Visit {
  visitor: Visitor | undefined
  /** Undefined where nothing is held against the address. */
  readonly ip: string | undefined
  /** When it was accepted. */
  readonly sinceMs: number
  readonly #gate: Gate

  constructor(gate: Gate, ip: string | undefined, nowMs: number) {
    this.#gate = gate
    this.ip = ip
    this.sinceMs = nowMs
  }

  /** It is no stranger any more: HELLO has succeeded, or it is about to leave. */
  settled(): void {
    this.#gate.forget(this)
  }

  /** Something went wrong that its source answers for. */
  offended(code: Code): void {
    this.#gate.punish(this, code)
  }

  /** It is gone. */
  left(): void {
    this.#gate.leave(this)
  }
}

/** Decides who is let in, so that strangers, however many, never take the place of a pilot. */
export class Gate {
  readonly #options: GateOptions
  readonly #maxStrangers: number
  readonly #penalties: Penalties
  /** All that were let in and are not gone. */
  readonly #visits = new Set<Visit>()
  /** Those of them that have yet to say HELLO, in the order in which they came. */
  readonly #strangers = new Set<Visit>()

  constructor(options: GateOptions) {
    this.#options = options
    this.#maxStrangers = Math.min(options.maxUnauthenticated, options.maxConnections)
    this.#penalties = new Penalties(options.clock)
  }

  /** Why a newcomer is not let in, if so. The address is undefined for one that is of this machine. */
  refusal(ip: string | undefined): Failure | undefined {
    // Strangers alone never take all places: there, one of them has to go.
    const areStrangers = this.#strangers.size > 0 && this.#strangers.size === this.#visits.size
    if (this.#visits.size >= this.#options.maxConnections && !areStrangers)
      return new Failure('BUSY', { hint: 'try again later' })
    const penaltyMs = this.#isExempt(ip) ? 0 : this.#penalties.remainingMs(ip)
    if (penaltyMs === 0) return undefined
    return new Failure('BUSY', {
      reason: 'Too much went wrong from this address',
      hint: `try again in ${Math.ceil(penaltyMs / 1000)} s`,
    })
  }

  /**
   * Lets a newcomer in. Where too many have not said HELLO, one of the older ones of them, whichever chance names, has
   * to go: who says HELLO at once is not among them, but who only takes a place will be.
   */
  enter(ip: string | undefined): Visit {
    const visit = new Visit(this, this.#isExempt(ip) ? undefined : ip, this.#options.clock.now())
    if (visit.ip !== undefined) {
      if (this.#strangers.size >= this.#maxStrangers) this.#drop()
      this.#strangers.add(visit)
    }
    this.#visits.add(visit)
    return visit
  }

  /** Takes a visit off the list of strangers. */
  forget(visit: Visit): void {
    this.#strangers.delete(visit)
  }

  punish({ ip }: Visit, code: Code): void {
    if (ip !== undefined) this.#penalties.add(ip, code)
  }

  leave(visit: Visit): void {
    this.#visits.delete(visit)
    this.#strangers.delete(visit)
  }

  #drop(): void {
    let older = Math.floor((this.#options.random() * this.#strangers.size) / 2)
    for (const visit of this.#strangers) {
      if (older-- > 0) continue
      // Its place is free at once, however long it takes to leave.
      this.leave(visit)
      return visit.visitor?.dropped()
    }
  }

  #isExempt(ip: string | undefined): ip is undefined {
    return ip === undefined || (this.#options.loopbackExempt && isLoopback(ip))
  }
}
