import type { Clock } from '../time/clock.ts'
import type { Wire } from '../wire/wire.ts'
import { closedByClient } from './closed.ts'
import { dial } from './dial.ts'
import type { RequestError } from './error.ts'
import { greet } from './greet.ts'
import { keepLease } from './keep-lease.ts'
import { Link, type LinkListener, type LinkOptions } from './link.ts'
import type { SessionOptions } from './options.ts'
import type { WaitOptions } from './outstanding.ts'
import { backOffMs, type ReconnectOptions } from './reconnect.ts'

/** So long a server may take to greet, and to answer HELLO, where nobody says otherwise, in milliseconds. */
const CONNECT_MS = 10_000
/** With these the server says that trying again is of no use. */
const HOPELESS: readonly string[] = ['AUTH_FAILED', 'VERSION_UNSUPPORTED']

/** Who is told of the connections of a session. */
export interface ConnectionsListener extends LinkListener {
  /** There is one. */
  connected(): void
  /** There is none any more, for this reason. */
  lost(reason: Error): void
  /** There will be none any more. */
  over(reason: Error): void
}

type State =
  | { readonly is: 'new' }
  | { readonly is: 'dialling'; readonly link: Link }
  | { readonly is: 'connected'; readonly link: Link }
  /** Waits before it dials again. */
  | { readonly is: 'away'; readonly dialNow: () => void }
  | { readonly is: 'over' }

/** The connections of a session: one, or, if it may reconnect, one after another. */
export class Connections {
  readonly #options: SessionOptions
  readonly #linkOptions: LinkOptions
  readonly #clock: Clock
  readonly #listener: ConnectionsListener
  #state: State = { is: 'new' }
  #ready: Promise<void> = Promise.resolve()
  /** How often it was dialled again since anything but HELLO was answered. */
  #attempts = 0
  /** Nobody comes back after this connection. */
  isLast = false
  /** Why the last connection is gone. */
  loss: Error | undefined
  /** When the reply to HELLO was here. */
  greetedMs = 0

  constructor(options: SessionOptions, wire: Wire, clock: Clock, listener: ConnectionsListener) {
    this.#options = options
    this.#linkOptions = { wire, clock, listener }
    this.#clock = clock
    this.#listener = listener
  }

  /** The one that there is, if there is one. */
  get link(): Link | undefined {
    return this.#state.is === 'connected' ? this.#state.link : undefined
  }

  /** Resolves when there is one; rejects when there will be none. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Connects for the first time. */
  async open(): Promise<void> {
    const { timeoutMs, signal } = this.#options
    await this.#connect({ timeoutMs, signal })
  }

  destroy(): void {
    this.isLast = true
    const state = this.#state
    // Its end is told as that of any other.
    if (state.is === 'connected') return state.link.destroy()
    this.#end(closedByClient())
    if (state.is === 'dialling') state.link.destroy()
    if (state.is === 'away') state.dialNow()
  }

  async #connect({ timeoutMs = CONNECT_MS, signal }: WaitOptions): Promise<void> {
    if (this.#state.is === 'over') throw closedByClient()
    const wait = { timeoutMs, signal }
    const link = new Link(dial(this.#options), this.#linkOptions, wait)
    const dialling: State = { is: 'dialling', link }
    this.#state = dialling
    try {
      await greet(link, this.#options, wait)
      // HELLO may have been answered, and the session ended before this is told.
      if (this.#state !== dialling) throw closedByClient()
    } catch (error) {
      link.destroy()
      throw error
    }
    this.#use(link)
  }

  #use(link: Link): void {
    const { lease } = this.#options
    this.greetedMs = this.#clock.now()
    if (lease !== undefined) keepLease(link, lease, this.#clock)
    this.#state = { is: 'connected', link }
    this.#listener.connected()
    const { replies } = link
    link.ended.then((reason) => {
      // A server that takes no more than HELLO is as good as none.
      if (link.replies > replies) this.#attempts = 0
      this.#lost(reason)
    })
  }

  #lost(reason: Error): void {
    this.loss = reason
    this.#listener.lost(reason)
    const { retry = false, reconnect = retry } = this.#options
    if (this.isLast || reconnect === false) return this.#end(reason)
    this.#ready = this.#comeBack(reconnect === true ? {} : reconnect)
    this.#ready.catch((error) => this.#end(error))
  }

  async #comeBack(options: ReconnectOptions): Promise<void> {
    for (;;) {
      await this.#rest(backOffMs(this.#attempts++, options))
      try {
        // Not the signal: that was for connecting the first time.
        return await this.#connect({ timeoutMs: this.#options.timeoutMs })
      } catch (error) {
        if (this.isLast || HOPELESS.includes((error as RequestError).code)) throw error
      }
    }
  }

  #rest(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.#clock.after(delayMs, resolve)
      const dialNow = () => {
        callOff()
        resolve()
      }
      this.#state = { is: 'away', dialNow }
    })
  }

  #end(reason: Error): void {
    if (this.#state.is === 'over') return
    this.#state = { is: 'over' }
    this.isLast = true
    this.#ready = Promise.reject(reason)
    this.#ready.catch(() => {})
    this.#listener.over(reason)
  }
}
