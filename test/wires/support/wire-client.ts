import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** A whole answer at the start of some bytes, and how many of them it takes; undefined while there is none. */
export type Take<Answer> = (bytes: Buffer) => { readonly answer: Answer; readonly bytes: number } | undefined

export interface ClientOptions {
  /** Sends every byte as a segment of its own. */
  readonly byteByByte?: boolean
}

/** A connection on which answers are taken one by one. Its own half stays open when the server ends. */
export class WireClient<Answer> {
  readonly socket: Socket
  readonly #byteByByte: boolean
  readonly #answers: AsyncGenerator<Answer>

  constructor(socket: Socket, take: Take<Answer>, { byteByByte = false }: ClientOptions = {}) {
    this.socket = socket
    this.#byteByByte = byteByByte
    this.#answers = answersOn(socket, take)
    onTestFinished(() => void socket.destroy())
  }

  static async dial<Answer>(port: number, take: Take<Answer>, options?: ClientOptions): Promise<WireClient<Answer>> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return new WireClient(socket, take, options)
  }

  async send(...messages: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(messages)
    if (!this.#byteByByte) return void this.socket.write(bytes)
    for (const byte of bytes) {
      this.socket.write(Buffer.of(byte))
      await nextTurn()
    }
  }

  /** The next answer, or undefined once the server has ended. */
  async next(): Promise<Answer | undefined> {
    const { value, done } = await this.#answers.next()
    return done === true ? undefined : value
  }

  /** Sends a message and resolves to the next answer. */
  async ask(message: Buffer): Promise<Answer | undefined> {
    await this.send(message)
    return this.next()
  }

  /** All answers until the server ends. */
  async rest(): Promise<Answer[]> {
    const answers: Answer[] = []
    for await (const answer of this.#answers) answers.push(answer)
    return answers
  }

  /** Sends messages, then FIN, and resolves to all answers until the server ends. */
  async finish(...messages: readonly Buffer[]): Promise<Answer[]> {
    await this.send(...messages)
    this.socket.end()
    return this.rest()
  }
}

/** All answers in some bytes; throws where something is left over. */
export function takeAll<Answer>(bytes: Buffer, take: Take<Answer>): Answer[] {
  const answers: Answer[] = []
  let rest = bytes
  for (let found = take(rest); found !== undefined; found = take(rest)) {
    answers.push(found.answer)
    rest = rest.subarray(found.bytes)
  }
  if (rest.length > 0) throw new Error(`${rest.length} bytes are no whole answer: ${rest.toString('hex')}`)
  return answers
}

async function* answersOn<Answer>(socket: Socket, take: Take<Answer>): AsyncGenerator<Answer> {
  let held = Buffer.alloc(0)
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk as Buffer])
    for (let found = take(held); found !== undefined; found = take(held)) {
      held = held.subarray(found.bytes)
      yield found.answer
    }
  }
  if (held.length > 0) throw new Error(`the server ended within an answer: ${held.toString('hex')}`)
}
