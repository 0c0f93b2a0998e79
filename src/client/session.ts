import type { Command } from '../commands/command.ts'
import { COMMANDS } from '../commands/commands.ts'
import type { Topic } from '../commands/events.ts'
import { quit } from '../commands/quit.ts'
import { REHEARSAL } from '../commands/rehearsal.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import type { PlainMessage } from '../wire/message.ts'
import type { Wire } from '../wire/wire.ts'
import { createWire } from '../wire/wires.ts'
import { aheadOfTurn } from './certainty.ts'
import { connectionLost, GOODBYE } from './closed.ts'
import { decodeReply, decodeWords, encodeHeaders, encodeRequest } from './codec.ts'
import { Connections } from './connections.ts'
import { type RequestError, requestError } from './error.ts'
import type { EventStream } from './event-stream.ts'
import type { Link } from './link.ts'
import { OperationNumbers } from './operation.ts'
import { checkOptions, type SessionOptions } from './options.ts'
import type { WaitOptions } from './outstanding.ts'
import { checkTimeout } from './patiently.ts'
import { Retries } from './retries.ts'
import { type SubscribeOptions, Subscriptions } from './subscriptions.ts'
import type { WireReply } from './wire-reply.ts'

const QUIT_NAMES: readonly string[] = [quit.name, ...quit.aliases]

/** A session with a server, over one connection or, if it may reconnect, over one after another. */
export class ClientSession {
  /** Resolves, to the reason, when the session is over for good. */
  readonly closed: Promise<Error>
  readonly #options: SessionOptions
  readonly #clock: Clock
  readonly #wire: Wire
  readonly #connections: Connections
  readonly #retries: Retries
  #operations = new OperationNumbers()
  readonly #subscriptions = new Subscriptions((message) => this.send(message))
  #resolveClosed: (reason: Error) => void = () => {}

  /** `commands`: those of the server. Throws BAD_ARGUMENT where an option cannot be had. */
  constructor(options: SessionOptions, commands: readonly Command[] = COMMANDS) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#wire = createWire(options.wire ?? 'text')
    checkOptions(options, this.#wire)
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#connections = new Connections(options, this.#wire, this.#clock, {
      mayRunAhead: aheadOfTurn(commands),
      event: (event) => {
        this.#subscriptions.take(event)
        options.onEvent?.(event)
      },
      connected: () => {
        this.#operations = new OperationNumbers()
        this.#subscriptions.renew()
        this.#retries.resume()
      },
      lost: (reason) => this.#subscriptions.lost(connectionLost(reason)),
      over: (reason) => {
        this.#retries.giveUp(reason)
        this.#subscriptions.fail(connectionLost(reason))
        this.#resolveClosed(reason)
      },
    })
    this.#retries = new Retries(this.#connections, (message, wait) => this.#request(message, wait), this.#clock)
  }

  /** Connects and says HELLO. For `connect`, which calls it once. */
  async open(): Promise<void> {
    await this.#connections.open()
  }

  /** Those of this connection: what one calls them is unknown to the next. */
  get operations(): OperationNumbers {
    return this.#operations
  }

  /** Whether requests can be sent. */
  get connected(): boolean {
    return this.#connections.link !== undefined
  }

  /** Resolves when there is a connection, which after a loss may take its time; rejects when there will be none. */
  ready(): Promise<void> {
    return this.#connections.ready
  }

  /** Resolves when the server has taken what was sent, but for little. */
  async drained(): Promise<void> {
    if (!this.connected) await this.ready()
    await this.#connections.link?.drained()
  }

  /** Sends a command by its name, with parameters by their names on the wire, and resolves to the reply as it came. */
  async request(
    name: string,
    params: Readonly<Record<string, string | number | undefined>> = {},
    wait: WaitOptions = {},
  ): Promise<WireReply> {
    return this.send({ command: name, arguments: [], headers: encodeHeaders(params) }, wait)
  }

  /** Sends the bytes of one message of the text wire, as they are where that is the wire, and resolves to the reply as it came. */
  async sendBytes(message: Uint8Array, wait: WaitOptions = {}): Promise<WireReply> {
    return this.#link().send(message, this.#waitOptions(wait))
  }

  /** Sends a message, and resolves to the reply as it came. */
  async send(message: PlainMessage, wait: WaitOptions = {}): Promise<WireReply> {
    if (QUIT_NAMES.includes(message.command.toUpperCase())) return this.#quit(message, wait)
    return this.#options.retry === true
      ? this.#retries.send(message, this.#waitOptions(wait))
      : this.#request(message, wait)
  }

  /** Sends a command of a table, and resolves to its typed reply. */
  async call(
    command: Command,
    params: Readonly<Record<string, unknown>> = {},
    wait: WaitOptions = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const { ttl, sent = ttl === undefined ? undefined : Math.round(this.#clock.now() - this.#connections.greetedMs) } =
      params
    const reply = await this.send(encodeRequest(command, { ...params, sent }), wait)
    if (params['dryRun'] === 'yes') return decodeReply(REHEARSAL.spec, reply)
    return this.#wire.hasHeaders ? decodeReply(command, reply) : decodeWords(command, reply, params)
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
    this.#connections.isLast = true
    await this.#connections.link?.request(GOODBYE, this.#waitOptions(wait)).catch(() => {})
    this.destroy()
    await this.closed
  }

  /** Ends the connection at once. Whoever still waits is told CONNECTION_CLOSED. */
  destroy(): void {
    this.#connections.destroy()
  }

  /** Who says QUIT does not come back, also where the connection ends in place of an answer. */
  async #quit(message: PlainMessage, wait: WaitOptions): Promise<WireReply> {
    const connections = this.#connections
    if (!this.connected) connections.destroy()
    const answer = this.#request(message, wait)
    connections.isLast = true
    try {
      const reply = await answer
      connections.isLast = !this.connected
      return reply
    } catch (error) {
      const { reply, retrySafe } = error as RequestError
      // It was refused, or not even sent: the session goes on.
      if (reply !== undefined || retrySafe) connections.isLast = !this.connected
      throw error
    }
  }

  async #request(message: PlainMessage, wait: WaitOptions): Promise<WireReply> {
    return this.#link().request(message, this.#waitOptions(wait))
  }

  #link(): Link {
    const { link, isLast, loss } = this.#connections
    if (link !== undefined && !isLast) return link
    const cause = link === undefined ? loss : undefined
    const why = link === undefined ? (loss?.message ?? 'it was not opened') : 'the client has said QUIT'
    throw requestError('CONNECTION_CLOSED', `The connection is closed: ${why}`, { retrySafe: true, cause })
  }

  #waitOptions({ timeoutMs = this.#options.timeoutMs, signal }: WaitOptions): WaitOptions {
    checkTimeout(timeoutMs)
    return { timeoutMs, signal }
  }
}
