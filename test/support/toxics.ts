import type { Socket } from 'node:net'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { SeededRandom } from './seeded-random.ts'

// What a network can do to one direction of a connection, in the words of toxiproxy.

/** What happens once so many bytes have been passed on. */
export interface Fault {
  /**
   * - limit_data: the connection is closed;
   * - reset_peer: it is reset;
   * - timeout: nothing gets through any more, and after `delayMs` the connection is closed, or never without one;
   * - half_close: this direction ends with FIN, and the other goes on;
   * - freeze: nothing gets through for `delayMs`, and then all that was held up does at once.
   */
  readonly kind: 'limit_data' | 'reset_peer' | 'timeout' | 'half_close' | 'freeze'
  readonly afterBytes: number
  readonly delayMs?: number
}

export interface Toxics {
  readonly latency?: { readonly latencyMs: number; readonly jitterMs: number }
  /** Cuts what comes into pieces of 1 to `maxBytes` bytes, each in a turn of its own. */
  readonly slicer?: { readonly maxBytes: number }
  readonly bandwidth?: { readonly bytesPerMs: number }
  /** Holds FIN back. */
  readonly slowClose?: { readonly delayMs: number }
  readonly fault?: Fault
}

/** What the two directions of a connection have in common. */
export interface Surroundings {
  readonly random: SeededRandom
  /** Resolves when the proxy is not, or not any more, frozen. */
  readonly thawed: () => Promise<void>
  /** A fault has struck. */
  readonly onFault: (fault: Fault) => void
}

/** No timer rings sooner. */
const SHORTEST_DELAY_MS = 1

/** One direction of a connection. */
export class Lane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #toxics: Toxics
  readonly #around: Surroundings
  #passedBytes = 0
  /** What of the bandwidth's delay is too short for a timer as yet. */
  #owedMs = 0
  #fault: Fault | undefined
  /** What still comes is thrown away. */
  #isDeaf = false

  constructor(from: Socket, to: Socket, toxics: Toxics, around: Surroundings) {
    this.#from = from
    this.#to = to
    this.#toxics = toxics
    this.#fault = toxics.fault
    this.#around = around
  }

  /** Passes on all that comes, up to the end. Rejects where the connection breaks before. */
  async run(tap: (chunk: Buffer) => void): Promise<void> {
    await this.#strike()
    for await (const chunk of this.#from.iterator({ destroyOnReturn: false })) {
      tap(chunk)
      const { latency } = this.#toxics
      if (latency !== undefined) await delay(latency.latencyMs + this.#around.random.next() * latency.jitterMs)
      for (const piece of this.#pieces(chunk)) await this.#pass(piece)
    }
    if (this.#toxics.slowClose !== undefined) await delay(this.#toxics.slowClose.delayMs)
    await this.#around.thawed()
    this.#to.end()
  }

  /** A chunk as the slicer cuts it, and where the fault is to strike. */
  *#pieces(chunk: Buffer): Generator<Buffer> {
    const { slicer } = this.#toxics
    for (let at = 0; at < chunk.length; ) {
      const size = slicer === undefined ? chunk.length : this.#around.random.integer(1, slicer.maxBytes)
      const piece = chunk.subarray(at, at + Math.min(size, this.#untilFault))
      at += piece.length
      yield piece
    }
  }

  get #untilFault(): number {
    return this.#fault === undefined ? Number.POSITIVE_INFINITY : this.#fault.afterBytes - this.#passedBytes
  }

  async #pass(piece: Buffer): Promise<void> {
    await this.#around.thawed()
    if (this.#isDeaf) return
    const { bandwidth, slicer } = this.#toxics
    if (bandwidth !== undefined) await this.#owe(piece.length / bandwidth.bytesPerMs)
    // Also called when the socket is gone: then reading fails, too.
    await new Promise<void>((resolve) => this.#to.write(piece, () => resolve()))
    this.#passedBytes += piece.length
    if (slicer !== undefined) await nextTurn()
    await this.#strike()
  }

  async #owe(ms: number): Promise<void> {
    this.#owedMs += ms
    if (this.#owedMs < SHORTEST_DELAY_MS) return
    const dueMs = this.#owedMs
    this.#owedMs = 0
    await delay(dueMs)
  }

  /** Does what the fault is, if it is time for it. */
  async #strike(): Promise<void> {
    const fault = this.#fault
    if (fault === undefined || this.#untilFault > 0) return
    this.#fault = undefined
    this.#around.onFault(fault)
    const { kind, delayMs } = fault
    if (kind === 'half_close') {
      this.#isDeaf = true
      this.#to.end()
    } else if (kind === 'reset_peer') {
      this.#to.resetAndDestroy()
      this.#from.resetAndDestroy()
    } else {
      if (kind !== 'limit_data') await (delayMs === undefined ? this.#forEver() : delay(delayMs))
      if (kind === 'freeze') return
      this.#to.destroySoon()
      this.#from.destroySoon()
    }
  }

  /** As long as the connection lasts. */
  #forEver(): Promise<void> {
    return new Promise((resolve) => this.#from.once('close', resolve))
  }
}
