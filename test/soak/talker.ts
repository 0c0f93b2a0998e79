import { once } from 'node:events'
import type { Socket } from 'node:net'

/** A connection whose replies are taken one after another. */
export class Talker {
  readonly socket: Socket
  /** How many operations its session has begun: each reply that accepts one tells its number. */
  operations = 0
  #rest = ''
  readonly #replies: string[] = []
  #wake: () => void = () => {}
  #isOver = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#take(text))
    socket.on('error', () => {})
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#isOver = true
        this.#wake()
      })
    }
  }

  /** The next reply, or '' where there will be none. */
  async reply(): Promise<string> {
    while (this.#replies.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#replies.shift() ?? ''
  }

  say(text: string): void {
    if (this.socket.writable) this.socket.write(text)
  }

  /** Says something, and resolves to the next reply. */
  ask(text: string): Promise<string> {
    this.say(text)
    return this.reply()
  }

  /** Ends it, and resolves when it is gone. */
  async end(): Promise<void> {
    if (this.socket.closed) return
    const gone = once(this.socket, 'close')
    this.socket.end()
    await gone
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\r\n\r\n')
    this.#rest = parts.pop() ?? ''
    this.#replies.push(...parts)
    this.#wake()
  }
}
