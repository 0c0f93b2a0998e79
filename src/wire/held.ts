/** The smallest buffer, in bytes; it doubles as more comes. */
const MIN_BYTES = 256
const NO_BYTES = new Uint8Array(0)

/** What came of a message that is not whole yet: a buffer that is there only while it is needed. */
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

  /** Lets it all go; who has taken `bytes` may keep them. */
  clear(): void {
    this.length = 0
    this.bytes = NO_BYTES
  }
}
