import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import { dial } from './talk.ts'

/** A client that keeps all it is told from the first byte on, and whose own half stays open when the server ends. */
export class Pilot {
  received = ''
  readonly socket: Socket
  /** All that came, once the server has ended; rejects where the connection was reset before that. */
  readonly ended: Promise<string>

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1')
    })
    this.ended = new Promise((resolve, reject) => {
      socket.on('end', () => resolve(this.received))
      socket.on('error', reject)
    })
    this.ended.catch(() => {})
    onTestFinished(() => void socket.destroy())
  }

  static async dial(address: Address): Promise<Pilot> {
    return new Pilot(await dial(address))
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'))
  }

  /** Sends, and resolves once a text has come that had not come before. */
  async ask(text: string, answer: string): Promise<string> {
    const from = this.received.length
    this.send(text)
    return this.until(answer, from)
  }

  /** Resolves to all that came once a text is in it. */
  until(text: string, from = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.received.indexOf(text, from) >= 0) done(() => resolve(this.received))
        else if (this.socket.readableEnded || this.socket.destroyed)
          done(() => reject(new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.received.slice(from))}`)))
      }
      const done = (tell: () => void) => {
        for (const event of ['data', 'end', 'close']) this.socket.off(event, look)
        tell()
      }
      for (const event of ['data', 'end', 'close']) this.socket.on(event, look)
      look()
    })
  }

  /** The first lines of the replies so far. */
  get replies(): readonly string[] {
    return [...this.received.matchAll(/(?<=^|\r\n\r\n)[A-Z]+ [^\r]*/g)].map(([line]) => line)
  }
}
