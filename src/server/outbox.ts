import type { Socket } from 'node:net'
import type { SessionState } from '../commands/command.ts'
import { MAX_WAITING_BYTES } from '../session/host.ts'
import type { Clock } from '../time/clock.ts'
import type { Output } from '../wire/output.ts'
import type { Holder, Recorder } from './recorder.ts'

/** For so long a peer may take nothing of what waits for it, in milliseconds. */
const STALL_MS = 10_000
const NEVER = Number.POSITIVE_INFINITY
const NOTHING = new Uint8Array(0)
/** So little is copied within memory that Node has at hand. */
const SMALL_BYTES = 2048

export interface OutboxHost {
  /** Something was sent, and perhaps the peer has yet to take it. */
  sent(): void
  /** The peer has taken all of what had to wait for it. */
  taken(): void
}

/** The way out of one connection: what is written to its socket, and how well the peer takes it. */
export class Outbox implements Holder {
  readonly #socket: Socket
  /** Shared by all connections: empty again before the next one's bytes are looked at. */
  readonly #output: Output
  readonly #clock: Clock
  readonly #host: OutboxHost
  /** Writes down what the bytes at hand answer, before they leave. */
  readonly #recorder: Recorder | undefined
  /** What is held back until then. */
  #held: Uint8Array[] | undefined
  #heldBytes = 0
  /**
   * Told of each write that the kernel has taken it, from the first on that it has not taken at once: a callback costs
   * 0.2 us a write, and of the socket's own 'drain' a small queue would hear nothing.
   */
  #onWritten: (() => void) | undefined
  #isWaiting = false
  /** So many bytes the kernel has taken, when that was last looked at. */
  #taken = 0
  /** When the peer has taken too little for too long; NEVER while nothing waits for it. */
  #stalledMs = NEVER

  constructor(socket: Socket, output: Output, clock: Clock, host: OutboxHost, recorder?: Recorder) {
    this.#socket = socket
    this.#host = host
    this.#output = output
    this.#clock = clock
    this.#recorder = recorder
  }

  /** Sends what was collected. */
  flush(): void {
    const output = this.#output
    if (output.length === 0) return
    if (this.#recorder?.isBehind === true || this.#queues(output.length)) {
      // What queues up, since the peer is slow or a record is yet to be written, gets buffers of its own size.
      this.send(Buffer.from(output.take()))
      return
    }
    this.send(output.take())
    // As a rule the kernel has taken it all by now. Where not, the socket goes on reading from these bytes.
    if (this.#isWaiting) output.disown()
  }

  /** Whether so many bytes are likely to wait: TLS takes nothing at once, and a new output costs more than a copy of little. */
  #queues(bytes: number): boolean {
    return this.#socket.writableLength > 0 || (this.#onWritten !== undefined && bytes <= SMALL_BYTES)
  }

  /** Sends whole messages that are left alone from then on: once what they tell is written down. */
  send(bytes: Uint8Array): void {
    if (this.#recorder?.isBehind !== true) return this.#write(bytes)
    if (this.#held === undefined) {
      this.#held = []
      this.#recorder.tell(this)
    }
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  /** Sends what was held back. */
  written(): void {
    const held = this.#held
    if (held === undefined) return
    this.#held = undefined
    this.#heldBytes = 0
    if (this.#socket.destroyed) return
    this.#write(held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held))
    this.#host.sent()
    // Who went on only with what was held back has heard of nothing else.
    if (!this.#isWaiting) this.#host.taken()
  }

  /** Sends what is held back, before the socket ends. */
  finish(): void {
    if (this.#held !== undefined) this.#recorder?.commit()
  }

  #write(bytes: Uint8Array): void {
    const socket = this.#socket
    socket.write(bytes, this.#onWritten)
    if (this.#isWaiting || socket.writableLength === 0) return
    if (this.#onWritten === undefined) {
      this.#onWritten = () => this.#written()
      // It is told behind what was written without it.
      socket.write(NOTHING, this.#onWritten)
    }
    this.#isWaiting = true
    this.#taken = this.#takenSoFar
    this.#stalledMs = this.#clock.now() + STALL_MS
  }

  #written(): void {
    if (!this.#isWaiting || this.#socket.writableLength > 0) return
    this.#isWaiting = false
    this.#host.taken()
  }

  /** Whether the peer has yet to take something. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }

  get waitingBytes(): number {
    return this.#socket.writableLength + this.#heldBytes
  }

  /** Whether so much waits for the peer that nothing more is to be read from it. */
  isCongested(state: SessionState): boolean {
    const bytes = this.waitingBytes
    return bytes > 0 && bytes > MAX_WAITING_BYTES[state]
  }

  /** When `isStalled` is to be asked; infinite if never. */
  get deadlineMs(): number {
    return this.#stalledMs
  }

  /** Whether something waits, and for 10 s the peer has taken nothing. */
  isStalled(nowMs: number): boolean {
    if (nowMs < this.#stalledMs) return false
    const taken = this.#takenSoFar
    const hasProgress = taken > this.#taken
    this.#taken = taken
    if (this.#socket.writableLength === 0) this.#stalledMs = NEVER
    else if (hasProgress) this.#stalledMs = nowMs + STALL_MS
    else return true
    return false
  }

  get #takenSoFar(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength
  }
}
