import type { Command } from '../commands/command.ts'
import type { Topic } from '../commands/events.ts'
import { quit } from '../commands/quit.ts'
import { REHEARSAL } from '../commands/rehearsal.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import type { PlainMessage } from '../wire/message.ts'
import type { Wire } from '../wire/wire.ts'
import { createWire } from '../wire/wires.ts'
import { closedByClient, connectionLost, GOODBYE } from './closed.ts'
import { decodeReply, decodeWords, encodeRequest } from './codec.ts'
import { dial } from './dial.ts'
import { type RequestError, requestError } from './error.ts'
import type { EventStream } from './event-stream.ts'
import { greet } from './greet.ts'
import { keepLease } from './keep-lease.ts'
import { Link } from './link.ts'
import { checkOptions, type SessionOptions } from './options.ts'
import type { WaitOptions } from './outstanding.ts'
import { checkTimeout, patiently, remaining } from './patiently.ts'
import { backOffMs, type ReconnectOptions } from './reconnect.ts'
import { type SubscribeOptions, Subscriptions } from './subscriptions.ts'
import type { WireReply } from './wire-reply.ts'
import { aged, withKey } from './with-key.ts'

const QUIT_NAMES: readonly string[] = [quit.name, ...quit.aliases]
/** So long a server may take to greet, and to answer HELLO, where nobody says otherwise, in milliseconds. */
const CONNECT_MS = 10_000
/** With these the server says that trying again is of no use. */
const HOPELESS: readonly string[] = ['AUTH_FAILED', 'VERSION_UNSUPPORTED']

/** A session with a server, over one connection or, if it may reconnect, over one after another. */
export class ClientSession {
  /** Resolves, to the reason, when the session is over for good. */
  readonly closed: Promise<Error>
  readonly #options: SessionOptions
  readonly #clock: Clock
  readonly #wire: Wire
  #resolveClosed: (reason: Error) => void = () => {}
  /** Resolves when there is a connection. */
  #ready: Promise<void> = Promise.resolve()
  #link: Link | undefined
  /** Why the last connection is gone. */
  #loss: Error | undefined
  /** The connection that is being made. */
  #dialling: Link | undefined
  #callOffReturn: () => void = () => {}
  #over = false
  /** When the reply to HELLO was here. */
  #greetedMs = 0
  readonly #subscriptions = new Subscriptions((message) => this.send(message))

  /** Throws BAD_ARGUMENT where `timeoutMs` is no time, and where `retry` is asked for on a wire that has no Key. */
  constructor(options: SessionOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#wire = createWire(options.wire ?? 'text')
    checkOptions(options, this.#wire)
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  /** Connects and says HELLO. For `connect`, which calls it once. */
  async open(): Promise<void> {
    const { timeoutMs, signal } = this.#options
    this.#use(await this.#dial({ timeoutMs, signal }))
  }

  /** How many connections there have been: the operations of one are unknown to the next. */
  connections = 0

  /** Whether requests can be sent. */
  get connected(): boolean {
    return this.#link !== undefined
  }

  /** Resolves when there is a connection, which after a loss may take its time; rejects when there will be none. */
  ready(): Promise<void> {
    return this.#ready
  }

  /** Resolves when the server has taken what was sent, but for little. */
  async drained(): Promise<void> {
    if (this.#link === undefined) await this.#ready
    await this.#link?.drained()
  }

  /** Sends a command by its name, with parameters by their names on the wire, and resolves to the reply as it came. */
  async request(
    name: string,
    params: Readonly<Record<string, string | number>> = {},
    wait: WaitOptions = {},
  ): Promise<WireReply> {
    const headers = Object.entries(params).map(([key, value]) => [key, String(value)] as const)
    return this.send({ command: name, arguments: [], headers }, wait)
  }

  /** Sends the bytes of one message of the text wire, as they are where that is the wire, and resolves to the reply as it came. */
  async sendBytes(message: Uint8Array, wait: WaitOptions = {}): Promise<WireReply> {
    return this.#connection().send(message, this.#waitOptions(wait))
  }

  /** Sends a message, and resolves to the reply as it came. */
  async send(message: PlainMessage, wait: WaitOptions = {}): Promise<WireReply> {
    const reply = await (this.#options.retry === true ? this.#sendOnce(message, wait) : this.#request(message, wait))
    // Who has said QUIT does not come back.
    if (QUIT_NAMES.includes(message.command.toUpperCase())) this.#over = true
    return reply
  }

  /** Sends a command of a table, and resolves to its typed reply. */
  async call(
    command: Command,
    params: Readonly<Record<string, unknown>> = {},
    wait: WaitOptions = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const { ttl, sent = ttl === undefined ? undefined : Math.round(this.#clock.now() - this.#greetedMs) } = params
    const reply = await this.send(encodeRequest(command, { ...params, sent }), wait)
    if (params['dryRun'] === 'yes') return decodeReply(REHEARSAL.spec, reply)
    return this.#wire.hasHeaders ? decodeReply(command, reply) : decodeWords(command, reply)
  }

  /**
   * The events of a topic from now on, for `for await`; leaving the loop ends the subscription. Of telemetry that was not
   * taken in time only the latest waits. Rejects in the loop: BAD_ARGUMENT, CONNECTION_CLOSED, SLOW_CONSUMER.
   */
  subscribe<T extends Topic>(topic: T, options: SubscribeOptions = {}): EventStream<T> {
    return this.#subscriptions.subscribe(topic, options)
  }

  /** The same, but that it ends with the connection, also where the session goes on over another. */
  subscribeOnce<T extends Topic>(topic: T): EventStream<T> {
    return this.#subscriptions.subscribe(topic, {}, false)
  }

  /** Says QUIT, so that all that was asked for is still answered, and resolves when the connection is gone. */
  async close(wait: WaitOptions = {}): Promise<void> {
    this.#over = true
    await this.#link?.request(GOODBYE, this.#waitOptions(wait)).catch(() => {})
    this.destroy()
    await this.closed
  }

  /** Ends the connection at once. Whoever still waits is told CONNECTION_CLOSED. */
  destroy(): void {
    this.#over = true
    this.#callOffReturn()
    this.#dialling?.destroy()
    if (this.#link === undefined) this.#end(closedByClient())
    else this.#link.destroy()
  }

  async #request(message: PlainMessage, wait: WaitOptions): Promise<WireReply> {
    return this.#connection().request(message, this.#waitOptions(wait))
  }

  /** Sends a message until it has a reply, over as many connections as that takes. */
  async #sendOnce(message: PlainMessage, wait: WaitOptions): Promise<WireReply> {
    const keyed = withKey(message)
    const firstMs = this.#clock.now()
    const left = () => remaining(this.#waitOptions(wait), this.#clock.now() - firstMs)
    for (let attempt = 0; ; attempt++) {
      const nowMs = this.#clock.now()
      const due = attempt === 0 ? keyed : aged(keyed, nowMs - firstMs, nowMs - this.#greetedMs)
      try {
        return await this.#request(due, left())
      } catch (error) {
        if ((error as RequestError).code !== 'CONNECTION_CLOSED' || this.#over) throw error
        // Rejects when there will be no other connection.
        await patiently(this.#ready, left(), this.#clock)
      }
    }
  }

  #connection(): Link {
    if (this.#link !== undefined && !this.#over) return this.#link
    const why = this.#loss?.message ?? 'it was not opened'
    throw requestError('CONNECTION_CLOSED', `The connection is closed: ${why}`, { retrySafe: true, cause: this.#loss })
  }

  #waitOptions({ timeoutMs = this.#options.timeoutMs, signal }: WaitOptions): WaitOptions {
    checkTimeout(timeoutMs)
    return { timeoutMs, signal }
  }

  async #dial({ timeoutMs = CONNECT_MS, signal }: WaitOptions): Promise<Link> {
    const { lease, onEvent } = this.#options
    const wait = { timeoutMs, signal }
    const take = (event: WireReply) => {
      this.#subscriptions.take(event)
      onEvent?.(event)
    }
    const link = new Link(dial(this.#options), this.#wire, this.#clock, take, wait)
    this.#dialling = link
    try {
      await greet(link, this.#options, wait)
      this.#greetedMs = this.#clock.now()
      if (lease !== undefined) keepLease(link, lease, this.#clock)
      return link
    } catch (error) {
      link.destroy()
      throw error
    } finally {
      this.#dialling = undefined
    }
  }

  #use(link: Link): void {
    this.#link = link
    this.connections++
    this.#subscriptions.renew()
    link.ended.then((reason) => {
      this.#link = undefined
      this.#loss = reason
      this.#subscriptions.lost(connectionLost(reason))
      const { reconnect = false } = this.#options
      if (this.#over || reconnect === false) return this.#end(reason)
      this.#ready = this.#comeBack(reconnect === true ? {} : reconnect)
      this.#ready.catch((error) => this.#end(error))
    })
  }

  async #comeBack(options: ReconnectOptions): Promise<void> {
    for (let attempt = 0; !this.#over; attempt++) {
      await new Promise<void>((resolve) => {
        const callOff = this.#clock.after(backOffMs(attempt, options), resolve)
        this.#callOffReturn = () => {
          callOff()
          resolve()
        }
      })
      if (this.#over) break
      try {
        // Not the signal: that was for connecting the first time.
        return this.#use(await this.#dial({ timeoutMs: this.#options.timeoutMs }))
      } catch (error) {
        if (HOPELESS.includes((error as RequestError).code)) throw error
      }
    }
    throw closedByClient()
  }

  #end(reason: Error): void {
    this.#over = true
    this.#ready = Promise.reject(reason)
    this.#ready.catch(() => {})
    this.#subscriptions.fail(connectionLost(reason))
    this.#resolveClosed(reason)
  }
}
