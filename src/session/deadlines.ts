import type { Code } from '../wire/codes.ts'

/** How long a session may take, in milliseconds (section 5). 0 is off. */
export interface Timeouts {
  /** From accept to the success of HELLO: 60,000, if left out. */
  readonly handshakeMs: number
  /** From a message's first byte to its boundary: 60,000. */
  readonly messageMs: number
  /** Since the last complete message, or its answer: 600,000. */
  readonly idleMs: number
  /** From when a command began to its answer; more than the longest WAIT: 660,000. */
  readonly commandMs: number
}

export type DeadlineCode = Extract<Code, 'HANDSHAKE_TIMEOUT' | 'MESSAGE_TIMEOUT' | 'IDLE_TIMEOUT'>

const NEVER = Number.POSITIVE_INFINITY

/**
 * When a session's patience ends. All deadlines are absolute: no trickle of bytes puts one off. Times are milliseconds
 * of one monotonic clock, given by the caller.
 */
export class Deadlines {
  readonly #timeouts: Timeouts
  #activeSince: number
  #heardMs: number
  // What is not the case is undefined, and takes no memory: an infinite number would take 16 bytes of each session.
  #handshakeSince: number | undefined
  /** While a message is unfinished. */
  #messageSince: number | undefined
  /** Since when the last command is awaited that was not answered at once. */
  #commandSince: number | undefined
  /** Since when nothing is read. */
  #pausedSince: number | undefined
  /** How long a pilot may be silent who has a lease, in milliseconds. */
  #leaseMs: number | undefined
  #isLeaseLost = false

  constructor(timeouts: Timeouts, nowMs: number) {
    this.#timeouts = timeouts
    this.#handshakeSince = this.#activeSince = this.#heardMs = nowMs
  }

  /** HELLO has succeeded. `leaseMs`: after so long a silence the pilot wants to be missed. */
  greeted(nowMs: number, leaseMs?: number): void {
    this.#handshakeSince = undefined
    this.#leaseMs = leaseMs
    this.#heardMs = nowMs
  }

  /**
   * A message came at this time: a sign of life, as an open connection is none. One that had come before the last is
   * none any more when its turn comes. Whether the pilot was missed by then.
   */
  heard(receivedMs: number): boolean {
    if (receivedMs <= this.#heardMs) return false
    this.#heardMs = receivedMs
    const wasLost = this.#isLeaseLost
    this.#isLeaseLost = false
    return wasLost
  }

  /** A command has begun whose answer is not there yet. */
  awaiting(nowMs: number): void {
    this.#commandSince = nowMs
  }

  /** Messages were completed, or answered. */
  active(nowMs: number): void {
    this.#activeSince = nowMs
    this.#messageSince = undefined
  }

  /** All that came was read; `unfinished`: it ends within a message. */
  read(nowMs: number, unfinished: boolean): void {
    if (!unfinished) {
      this.#messageSince = undefined
    } else if (this.#messageSince === undefined) {
      this.#messageSince = nowMs
      // Of a pause that is under way only the rest is the message's.
      if (this.#isPaused()) this.#pausedSince = nowMs
    }
  }

  /** Nothing is read from here on: an unfinished message cannot go on, and not every reply is taken. */
  pause(nowMs: number): void {
    this.#pausedSince ??= nowMs
  }

  resume(nowMs: number): void {
    if (this.#pausedSince === undefined) return
    if (this.#messageSince !== undefined) this.#messageSince += nowMs - this.#pausedSince
    this.#activeSince = nowMs
    this.#pausedSince = undefined
  }

  /** The next deadline, in milliseconds; infinite if there is none. While a command is awaited, others stand still. */
  next(isAwaiting: boolean): number {
    const patience = isAwaiting ? this.#command() : Math.min(this.#handshake(), this.#message(), this.#idle())
    return Math.min(patience, this.#lease())
  }

  /** Which deadline has passed; each time that it is asked, the next. A pilot is missed once, until heard again. */
  passed(nowMs: number, isAwaiting: boolean): DeadlineCode | 'lease' | 'command' | undefined {
    if (nowMs >= this.#lease()) {
      this.#isLeaseLost = true
      return 'lease'
    }
    if (isAwaiting) return nowMs >= this.#command() ? 'command' : undefined
    if (nowMs >= this.#handshake()) return 'HANDSHAKE_TIMEOUT'
    if (nowMs >= this.#message()) return 'MESSAGE_TIMEOUT'
    return nowMs >= this.#idle() ? 'IDLE_TIMEOUT' : undefined
  }

  // No getters: of private ones V8 makes a call of its runtime, each time.

  #lease(): number {
    return this.#isLeaseLost || this.#leaseMs === undefined ? NEVER : this.#heardMs + this.#leaseMs
  }

  #command(): number {
    return after(this.#commandSince, this.#timeouts.commandMs)
  }

  #handshake(): number {
    return after(this.#handshakeSince, this.#timeouts.handshakeMs)
  }

  #message(): number {
    return this.#isPaused() ? NEVER : after(this.#messageSince, this.#timeouts.messageMs)
  }

  #idle(): number {
    return this.#isPaused() ? NEVER : after(this.#activeSince, this.#timeouts.idleMs)
  }

  #isPaused(): boolean {
    return this.#pausedSince !== undefined
  }
}

const after = (since: number | undefined, timeoutMs: number): number =>
  since === undefined || timeoutMs === 0 ? NEVER : since + timeoutMs
