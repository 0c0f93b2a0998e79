import { connect } from 'node:net'
import type { Command } from '../commands/command.ts'
import { hello } from '../commands/hello.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { PROTOCOL_VERSION } from '../wire/limits.ts'
import type { PlainMessage } from '../wire/message.ts'
import { decodeReply, encodeRequest } from './codec.ts'
import { type RequestError, requestError } from './error.ts'
import { Link } from './link.ts'
import type { WaitOptions } from './outstanding.ts'
import { backOffMs, type ReconnectOptions } from './reconnect.ts'
import { header, type WireReply } from './wire-reply.ts'

export interface SessionOptions extends WaitOptions {
  /** Where the server is: 127.0.0.1, if left out. */
  readonly host?: string | undefined
  readonly port: number
  readonly token?: string | undefined
  /** A name for the server's log. */
  readonly client?: string | undefined
  /** Comes back after a lost connection. What was in flight is rejected, and never sent again. */
  readonly reconnect?: boolean | ReconnectOptions
  /** Leaves HELLO to the caller, where this is false. */
  readonly hello?: boolean
  /** Told every EVENT of the server. */
  readonly onEvent?: (event: WireReply) => void
  readonly clock?: Clock
}

/** With these the server says that trying again is of no use. */
const HOPELESS: readonly string[] = ['AUTH_FAILED', 'VERSION_UNSUPPORTED']

/** A session with a server, over one connection or, if it may reconnect, over one after another. */
export class ClientSession {
  /** Resolves, to the reason, when the session is over for good. */
  readonly closed: Promise<Error>
  readonly #options: SessionOptions
  readonly #clock: Clock
  #resolveClosed: (reason: Error) => void = () => {}
  /** Resolves when there is a connection. */
  #ready: Promise<void> = Promise.resolve()
  #link: Link | undefined
  #over = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  /** Connects and says HELLO. */
  async open(): Promise<void> {
    this.#use(await this.#dial())
  }

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

  /** Sends the bytes of one message as they are, and resolves to the reply as it came. */
  async sendBytes(message: Uint8Array, wait: WaitOptions = {}): Promise<WireReply> {
    return this.#connection().send(message, this.#waitOptions(wait))
  }

  /** Sends a message, and resolves to the reply as it came. */
  async send(message: PlainMessage, wait: WaitOptions = {}): Promise<WireReply> {
    return this.#connection().request(message, this.#waitOptions(wait))
  }

  /** Sends a command of a table, and resolves to its typed reply. */
  async call(
    command: Command,
    params: Readonly<Record<string, unknown>> = {},
    wait: WaitOptions = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    return decodeReply(command, await this.send(encodeRequest(command, params), wait))
  }

  /** Says QUIT, so that all that was asked for is still answered, and resolves when the connection is gone. */
  async close(): Promise<void> {
    this.#over = true
    const link = this.#link
    if (link === undefined) return this.#end(new Error('The client has closed the connection'))
    await link.request({ command: 'QUIT', arguments: [], headers: [] }).catch(() => {})
    link.destroy()
    await this.closed
  }

  /** Ends the connection at once. Whoever still waits is told CONNECTION_CLOSED. */
  destroy(): void {
    this.#over = true
    if (this.#link === undefined) this.#end(new Error('The client has closed the connection'))
    else this.#link.destroy()
  }

  #connection(): Link {
    if (this.#link !== undefined) return this.#link
    throw requestError('CONNECTION_CLOSED', 'There is no connection', { retrySafe: true })
  }

  #waitOptions({ timeoutMs = this.#options.timeoutMs, signal }: WaitOptions): WaitOptions {
    return { timeoutMs, signal }
  }

  async #dial(): Promise<Link> {
    const { host = '127.0.0.1', port, token, client, timeoutMs, signal, onEvent = () => {} } = this.#options
    const { hello: saysHello = true } = this.#options
    const link = new Link(connect({ host, port, noDelay: true }), this.#clock, onEvent, { timeoutMs, signal })
    try {
      const spoken = header(await link.greeting, 'Protocol')
      if (spoken !== String(PROTOCOL_VERSION)) {
        const message = `The server speaks protocol ${spoken}, and this client ${PROTOCOL_VERSION}`
        throw requestError('VERSION_UNSUPPORTED', message, { retrySafe: true })
      }
      const greeting = encodeRequest(hello, { token, client, version: PROTOCOL_VERSION })
      if (saysHello) await link.request(greeting, { timeoutMs, signal })
      return link
    } catch (error) {
      link.destroy()
      throw error
    }
  }

  #use(link: Link): void {
    this.#link = link
    link.ended.then((reason) => {
      this.#link = undefined
      const { reconnect = false } = this.#options
      if (this.#over || reconnect === false) return this.#end(reason)
      this.#ready = this.#comeBack(reconnect === true ? {} : reconnect)
      this.#ready.catch((error) => this.#end(error))
    })
  }

  async #comeBack(options: ReconnectOptions): Promise<void> {
    for (let attempt = 0; !this.#over; attempt++) {
      await new Promise<void>((resolve) => this.#clock.after(backOffMs(attempt, options), resolve))
      try {
        return this.#use(await this.#dial())
      } catch (error) {
        if (HOPELESS.includes((error as RequestError).code)) throw error
      }
    }
    throw requestError('CONNECTION_CLOSED', 'The client has closed the connection', { retrySafe: true })
  }

  #end(reason: Error): void {
    this.#over = true
    this.#resolveClosed(reason)
  }
}
