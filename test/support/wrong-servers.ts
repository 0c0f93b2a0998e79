import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import { WrongSession } from './wrong-session.ts'

/** What a server does wrong. */
export type Fault =
  | 'takes each read for a message'
  | 'caps its receive buffer'
  | 'drops replies after a half-close'
  | 'searches all of a message at every read'
  | 'echoes raw input'
  | 'resets after a fatal error'
  | 'serves HTTP'
  | 'keeps its commands in a plain object'
  | 'puts the Id first'
  | 'reads integers with Number'

/** A server of few words, right but for one fault, and with nothing in common with ours. */
export async function startWrongServer(fault?: Fault): Promise<Address> {
  const sockets = new Set<Socket>()
  const allowHalfOpen = fault !== 'drops replies after a half-close'
  const server = createServer({ allowHalfOpen, noDelay: true }, (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    new WrongConnection(socket, fault)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

const MAX_BYTES = 8192

/** One connection: cuts what comes into messages, and sends the replies. */
class WrongConnection {
  readonly #socket: Socket
  readonly #fault: Fault | undefined
  readonly #session: WrongSession
  #input = ''
  #searched = 0
  #isBusy = false
  #hasBegun = false
  #hasEnded = false
  #isOver = false

  constructor(socket: Socket, fault: Fault | undefined) {
    this.#socket = socket
    this.#fault = fault
    this.#session = new WrongSession(fault)
    socket.on('data', (chunk) => this.#receive(chunk.toString('latin1')))
    socket.on('end', () => {
      this.#hasEnded = true
      void this.#pump()
    })
    this.#send(this.#session.greeting())
  }

  #receive(text: string): void {
    if (this.#isOver) return
    if (!this.#hasBegun && text.startsWith('\x16')) return this.#leave()
    this.#hasBegun = true
    if (this.#fault === 'takes each read for a message') return this.#send(this.#session.answer(text.trimEnd()))
    this.#input += text
    const isFull = this.#fault === 'caps its receive buffer' && this.#input.length > MAX_BYTES
    if (isFull) this.#send(this.#session.fail('MESSAGE_TOO_BIG'))
    else void this.#pump()
  }

  /** Answers what is whole, a message in each turn, as one does that asks others for answers. */
  async #pump(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    for (let message = this.#next(); message !== undefined && !this.#isOver; message = this.#next()) {
      this.#send(this.#session.answer(message))
      await nextTurn()
    }
    this.#isBusy = false
    if (!this.#hasEnded || this.#isOver) return
    if (this.#input === '') this.#leave()
    else this.#send(this.#session.fail('INCOMPLETE', ['Hint: end a message with an empty line']))
  }

  #next(): string | undefined {
    if (/^\r?\n/.test(this.#input)) this.#input = this.#input.replace(/^(?:\r?\n)+/, '')
    const end = this.#fault === 'searches all of a message at every read' ? this.#searchAll() : this.#search()
    if ((end ?? this.#input.length) > MAX_BYTES) this.#send(this.#session.fail('MESSAGE_TOO_BIG'))
    if (end === undefined) return undefined
    const message = this.#input.slice(0, end)
    this.#input = this.#input.slice(end)
    this.#searched = 0
    return message.replace(/\r?\n\r?\n$/, '')
  }

  /** Where the message ends that stands first. */
  #search(): number | undefined {
    const boundary = /\n\r?\n/g
    boundary.lastIndex = this.#searched
    this.#searched = Math.max(this.#input.length - 2, 0)
    return boundary.test(this.#input) ? boundary.lastIndex : undefined
  }

  /** The same, as it is often done. */
  #searchAll(): number | undefined {
    const lines = this.#input.split('\n')
    const empty = lines.findIndex((line, index) => index < lines.length - 1 && (line === '' || line === '\r'))
    return empty < 0 ? undefined : lines.slice(0, empty + 1).join('\n').length + 1
  }

  #send(reply: string): void {
    if (reply !== '') this.#socket.write(Buffer.from(reply, 'latin1'))
    if (this.#session.isOver) this.#leave()
  }

  #leave(): void {
    this.#isOver = true
    if (this.#fault === 'resets after a fatal error') this.#socket.destroy()
    else this.#socket.end()
  }
}
