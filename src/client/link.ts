import type { Socket } from 'node:net'
import { quit } from '../commands/quit.ts'
import type { Clock } from '../time/clock.ts'
import { format } from '../wire/format.ts'
import { ID_RULE, isGoodId, Message, type PlainMessage } from '../wire/message.ts'
import { Output } from '../wire/output.ts'
import type { MessageReader, Wire } from '../wire/wire.ts'
import { commandIn, refuses } from './certainty.ts'
import { explained } from './dial.ts'
import { abortedBy, badArgument, doubtful, errorOf, type RequestError, requestError } from './error.ts'
import { OutstandingRequests, type WaitOptions } from './outstanding.ts'
import { header, readReply, type WireReply } from './wire-reply.ts'

/** Who has to do with what comes over a connection. */
export interface LinkListener {
  event(event: WireReply): void
  /** Whether the server may run a command ahead of its turn. */
  mayRunAhead(command: string): boolean
}

export interface LinkOptions {
  readonly wire: Wire
  readonly clock: Clock
  readonly listener: LinkListener
}

/**
 * One connection to a server, from its greeting to its end. Requests go out at once; replies are matched to them in
 * order and by Id. The server's bytes are taken for as hostile as a server takes a client's: the same reader, the same
 * cap, and a reply that nobody asked for ends the connection.
 */
export class Link {
  /** Resolves to the greeting, where the wire has one. */
  readonly greeting: Promise<WireReply | undefined>
  /** Resolves when no more requests can be sent, to the reason. */
  readonly ended: Promise<Error>
  readonly #socket: Socket
  readonly #listener: LinkListener
  readonly #wire: Wire
  readonly #reader: MessageReader
  readonly #message = new Message()
  readonly #output = new Output()
  readonly #outstanding: OutstandingRequests
  #resolveEnded: (reason: Error) => void = () => {}
  /** For all who wait for the same. */
  #drained: Promise<void> | undefined
  #resolveDrained: () => void = () => {}
  /** How many replies have come, the greeting and those to HELLO among them. */
  replies = 0
  #lastId = 0
  #hasSent = false
  #flushDue = false
  #end: Error | undefined

  constructor(socket: Socket, { wire, clock, listener }: LinkOptions, wait: WaitOptions) {
    this.#socket = socket
    this.#wire = wire
    this.#reader = wire.replies()
    this.#listener = listener
    this.#outstanding = new OutstandingRequests(clock)
    // The greeting is the answer to the connection itself.
    this.greeting = wire.greets ? this.#outstanding.add(wait) : Promise.resolve(undefined)
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('drain', () => this.#letOn())
    socket.on('end', () => this.#finish(new Error('The server has ended the connection')))
    socket.on('error', (error) => this.#finish(explained(error)))
    socket.on('close', () => this.#finish(new Error('The connection is closed')))
  }

  /** Sends a message, under an Id in any case, and resolves to the good reply. Rejects with a RequestError. */
  async request({ command, arguments: words, headers }: PlainMessage, wait: WaitOptions = {}): Promise<WireReply> {
    const given = headers.find(([key]) => key.toUpperCase() === 'ID')?.[1]
    if (given !== undefined && !isGood(given)) throw badId(given)
    const id = given ?? String(++this.#lastId)
    const all = given === undefined ? [...headers, ['Id', id] as const] : headers
    const text = encoded(() => format({ command, arguments: words, headers: all }))
    return this.#send(text, wait, command, this.#wire.hasHeaders ? id : undefined)
  }

  /** Sends a message of the text wire as it is, whose reply may have any Id, or none. */
  async send(text: Uint8Array, wait: WaitOptions = {}): Promise<WireReply> {
    return this.#send(text, wait, commandIn(text))
  }

  async #send(text: Uint8Array, wait: WaitOptions, command: string, id?: string): Promise<WireReply> {
    if (this.#end !== undefined) throw closed(this.#end, true)
    if (wait.signal?.aborted === true) throw abortedBy(wait.signal, true)
    this.#output.bytes(encoded(() => this.#wire.encode(text)))
    this.#hasSent = true
    if (!this.#flushDue) {
      // What is asked for in one turn leaves in one write.
      this.#flushDue = true
      queueMicrotask(() => this.#flush())
    }
    return this.#outstanding.add(wait, command, id)
  }

  /** Resolves when the server has taken what was sent, but for little: awaiting it is how a sender keeps pace. */
  async drained(): Promise<void> {
    this.#flush()
    if (!this.#socket.writableNeedDrain || this.#end !== undefined) return
    this.#drained ??= new Promise((resolve) => {
      this.#resolveDrained = resolve
    })
    await this.#drained
  }

  /** Ends the connection: whoever still waits is told CONNECTION_CLOSED. */
  destroy(): void {
    this.#finish(new Error('The client has closed the connection'))
  }

  /** Ends the connection, because what came over it is no session of this protocol, and returns what to throw. */
  mistrust(what: string): RequestError {
    this.#finish(new Error(`What the server sent is not skyline/1: ${what}`))
    return closed(this.#end as Error, !this.#hasSent)
  }

  #letOn(): void {
    this.#drained = undefined
    this.#resolveDrained()
  }

  #flush(): void {
    this.#flushDue = false
    if (this.#output.length === 0 || this.#end !== undefined) return
    this.#socket.write(new Uint8Array(this.#output.take()))
  }

  #receive(chunk: Uint8Array): void {
    const reader = this.#reader
    reader.push(chunk)
    while (this.#end === undefined) {
      const verdict = reader.next(this.#message, true)
      if (verdict === 'more') return
      if (verdict !== 'message')
        return void this.mistrust((verdict === 'mistake' ? reader.mistake : verdict)?.code ?? 'PARSE')
      const reply = readReply(this.#message)
      if (reply === undefined) return void this.mistrust('a message that is neither OK, ERR nor EVENT')
      // In a turn of its own: what a listener throws costs no reply.
      if (reply.kind === 'EVENT') queueMicrotask(() => this.#listener.event(reply))
      else this.#take(reply)
    }
  }

  #take(reply: WireReply): void {
    const outstanding = this.#outstanding
    if (reply.kind === 'ERR' && header(reply, 'Fatal') === 'yes') {
      // The last that the server says. What it answers is the first that waits: that is refused, or ended, begun or not.
      const error = errorOf(reply)
      outstanding.fail(refuses(reply.summary, outstanding.nextCommand) ? error : doubtful(errorOf(reply)))
      return this.#finish(error, true)
    }
    const { nextId } = outstanding
    if (outstanding.size === 0 || (nextId !== undefined && header(reply, 'Id') !== nextId)) {
      return void this.mistrust('a reply that nobody asked for')
    }
    this.replies++
    if (reply.kind === 'ERR') return outstanding.fail(errorOf(reply))
    outstanding.answer(reply)
    // This, too, is the last that the server says (R3).
    if (reply.summary === quit.reply.summary) this.#finish(new Error('The server has said goodbye'), true)
  }

  /** `isInTurn`: nothing that still waits was run, but what the server ran ahead of its turn (R3). */
  #finish(reason: Error, isInTurn = false): void {
    if (this.#end !== undefined) return
    this.#end = reason
    this.#socket.destroy()
    const mayHaveRun = (command = '') => this.#hasSent && (!isInTurn || this.#listener.mayRunAhead(command))
    this.#outstanding.failAll((command) => closed(reason, !mayHaveRun(command)))
    this.#letOn()
    this.#resolveEnded(reason)
  }
}

/** The server answers another Id without it, so that its reply would be nobody's (R2). */
function isGood(id: string): boolean {
  const bytes = Buffer.from(id)
  return isGoodId(bytes, 0, bytes.length)
}

const badId = (found: string): RequestError => badArgument(`${ID_RULE}, got ${JSON.stringify(found)}`)

const closed = (cause: Error, retrySafe: boolean): RequestError =>
  requestError('CONNECTION_CLOSED', `The connection is closed: ${cause.message}`, { retrySafe, cause })

/** What no message can hold, or none on this wire, is refused before anything is sent. */
function encoded(encode: () => Uint8Array): Uint8Array {
  try {
    return encode()
  } catch (error) {
    throw badArgument((error as Error).message, error)
  }
}
