import type { Receipt } from './stop-lane.ts'

/** Room at first, in bytes; it doubles as more comes. */
const INITIAL_BYTES = 256

/** A message as the text wire has it, whose turn it is. */
export interface KeptMessage {
  readonly kind: 'message'
  readonly message: Uint8Array
  readonly receipt: Receipt
}

/**
 * Messages of one receipt that wait for their turn, one behind the other in one buffer: in an object each, the 64 KB of
 * them that may wait take 4 MB where they are small.
 */
export class Kept {
  readonly kind = 'messages'
  readonly #receipt: Receipt
  #bytes = new Uint8Array(INITIAL_BYTES)
  /** Where each of them ends. */
  readonly #ends: number[] = []
  /** How many of the first were taken, and where the last of these ends. */
  #taken = 0
  #start = 0

  constructor({ ms, stops }: Receipt) {
    this.#receipt = { ms, stops }
  }

  /** Whether a message that was received then is one of these. */
  isOf({ ms, stops }: Receipt): boolean {
    return ms === this.#receipt.ms && stops === this.#receipt.stops
  }

  add(source: Uint8Array, start: number, end: number): void {
    const length = this.#ends.at(-1) ?? 0
    const after = length + end - start
    if (after > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, after))
      grown.set(this.#bytes.subarray(0, length))
      this.#bytes = grown
    }
    this.#bytes.set(source.subarray(start, end), length)
    this.#ends.push(after)
  }

  /** Takes the next. There is one, unless `isEmpty`. */
  take(): KeptMessage {
    const end = this.#ends[this.#taken++] as number
    const message = this.#bytes.subarray(this.#start, end)
    this.#start = end
    return { kind: 'message', message, receipt: this.#receipt }
  }

  get isEmpty(): boolean {
    return this.#taken === this.#ends.length
  }
}
