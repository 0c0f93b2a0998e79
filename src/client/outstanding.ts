import type { Clock } from '../time/clock.ts'
import { Aborts } from './aborts.ts'
import { abortedBy, noReplyInTime } from './error.ts'
import type { WireReply } from './wire-reply.ts'

export interface WaitOptions {
  /** How long to wait for the reply, in milliseconds from when the request was sent; 0 is for ever. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A request on its way, until its reply is here; also one that nobody waits for any more, so that the order holds. */
interface Outstanding {
  /** Of the greeting there is none. */
  readonly command: string | undefined
  readonly id: string | undefined
  readonly deadlineMs: number
  readonly resolve: (reply: WireReply) => void
  readonly reject: (error: Error) => void
  abandoned: boolean
}

const NEVER = Number.POSITIVE_INFINITY

/** The requests that were sent and not answered, in their order. Every one of them is settled in the end. */
export class OutstandingRequests {
  readonly #clock: Clock
  readonly #aborts = new Aborts()
  #requests: Outstanding[] = []
  /** How many of the first requests are answered: they are let go together, now and then. */
  #answered = 0
  #timerMs = NEVER
  #callOffTimer: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#requests.length - this.#answered
  }

  /** The Id of the request whose reply comes next, if it has one that counts. */
  get nextId(): string | undefined {
    return this.#requests[this.#answered]?.id
  }

  /** What the next reply answers: no command, where that is the greeting. */
  get nextCommand(): string | undefined {
    return this.#requests[this.#answered]?.command
  }

  /** Waits for the reply to a request that is being sent, or for the greeting. */
  add({ timeoutMs = 0, signal }: WaitOptions, command?: string, id?: string): Promise<WireReply> {
    return new Promise((resolve, reject) => {
      const deadlineMs = timeoutMs > 0 ? this.#clock.now() + timeoutMs : NEVER
      const request = { command, id, deadlineMs, resolve, reject, abandoned: false }
      this.#requests.push(request)
      if (deadlineMs < this.#timerMs) this.#setTimer(deadlineMs)
      if (signal === undefined) return
      const abort = () => this.#abandon(request, abortedBy(signal, false))
      if (signal.aborted) return abort()
      const callOff = this.#aborts.on(signal, abort)
      request.resolve = (reply) => {
        callOff()
        resolve(reply)
      }
      request.reject = (error) => {
        callOff()
        reject(error)
      }
    })
  }

  /** Gives the next request its reply. */
  answer(reply: WireReply): void {
    this.#take()?.resolve(reply)
  }

  /** Gives the next request the reason why it failed. */
  fail(error: Error): void {
    this.#take()?.reject(error)
  }

  /** Rejects them all. */
  failAll(error: (command: string | undefined) => Error): void {
    while (this.size > 0) this.fail(error(this.nextCommand))
    this.#callOffTimer?.()
  }

  #take(): Outstanding | undefined {
    const request = this.#requests[this.#answered]
    if (request === undefined) return undefined
    this.#answered++
    if (this.#answered * 2 > this.#requests.length) {
      this.#requests = this.#requests.slice(this.#answered)
      this.#answered = 0
    }
    return request
  }

  #abandon(request: Outstanding, error: Error): void {
    request.abandoned = true
    request.reject(error)
  }

  /** One timer, for the earliest deadline. When it rings, those that are late are told, and it is set for the rest. */
  #setTimer(deadlineMs: number): void {
    this.#callOffTimer?.()
    this.#timerMs = deadlineMs
    if (deadlineMs === NEVER) return
    this.#callOffTimer = this.#clock.after(deadlineMs - this.#clock.now(), () => {
      const nowMs = this.#clock.now()
      const waiting = this.#requests.slice(this.#answered).filter(({ abandoned }) => !abandoned)
      for (const request of waiting) {
        if (request.deadlineMs > nowMs) continue
        this.#abandon(request, noReplyInTime())
      }
      let next = NEVER
      for (const { abandoned, deadlineMs } of waiting) if (!abandoned) next = Math.min(next, deadlineMs)
      this.#setTimer(next)
    })
  }
}
