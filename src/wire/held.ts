/** The smallest buffer, in bytes; it doubles as more comes. */
const MIN_BYTES = 256
/** A buffer above this, in bytes, is let go as soon as its message is done. */
const MAX_KEPT_BYTES = 1024
const NO_BYTES = new Uint8Array(0)

/** What came of a message that is not whole yet, in a buffer of its own that is made when it is first needed. */
export class Held {
  bytes: Uint8Array = NO_BYTES
  length = 0

  append(source: Uint8Array, start: number, end: number): void {
    if (start === end) return
    const length = this.length + end - start
    if (length > this.bytes.length) {
      let capacity = Math.max(this.bytes.length, MIN_BYTES)
      while (capacity < length) capacity *= 2
      const grown = new Uint8Array(capacity)
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    this.bytes.set(source.subarray(start, end), this.length)
    this.length = length
  }

  /** Forgets it all. Who has taken `bytes` may read them until the next `append`. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > MAX_KEPT_BYTES) this.bytes = NO_BYTES
  }
}
