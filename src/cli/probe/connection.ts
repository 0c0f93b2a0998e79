import { connect, type Socket } from 'node:net'
import type { Target } from './check.ts'

/** How a connection stands: the server has ended it in order, broken it off, or sent more than anybody asks it for. */
export type End = 'open' | 'FIN' | 'reset' | 'flood'

/** How many times as long a slow server may take as a silent one. */
const PATIENCE = 10
/** More than any check makes a server send, in bytes. */
const FLOOD_BYTES = 1024 * 1024

/** A raw connection: bytes as they are, each write a segment of its own, and each side ends its half by itself. */
export class Connection {
  /** All that came so far, a character for each byte. */
  received = ''
  end: End = 'open'
  readonly #socket: Socket
  #look = () => {}

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1')
      if (this.received.length <= FLOOD_BYTES) return this.#look()
      this.#endedBy('flood')
      socket.destroy()
    })
    socket.on('end', () => this.#endedBy('FIN'))
    // After a reset Node may tell of an end first, and of the error only when something is written.
    socket.on('error', () => this.#endedBy('reset'))
    socket.on('close', () => this.#endedBy(this.end === 'open' ? 'reset' : this.end))
  }

  /** Rejects where there is no connection in time. */
  static open({ host, port, timeoutMs }: Target): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, allowHalfOpen: true })
      const tooLate = () => socket.destroy(new Error(`No connection within ${timeoutMs} ms`))
      const timer = setTimeout(tooLate, timeoutMs)
      socket.once('close', () => clearTimeout(timer))
      socket.once('error', reject)
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(new Connection(socket))
      })
    })
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Ends our half, and reads on. */
  finish(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /**
   * Resolves once a condition holds, to true; to false where it cannot any more, where nothing has come for the time
   * given, or at last where something always comes, but not that.
   */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const latest = performance.now() + PATIENCE * timeoutMs
    return new Promise((resolve) => {
      const settle = (held: boolean) => {
        clearTimeout(timer)
        this.#look = () => {}
        resolve(held)
      }
      const timer = setTimeout(() => settle(false), timeoutMs)
      this.#look = () => {
        if (holds()) settle(true)
        else if (this.end !== 'open') settle(false)
        else if (performance.now() < latest) timer.refresh()
      }
      this.#look()
    })
  }

  #endedBy(end: End): void {
    this.end = end
    this.#look()
  }
}
