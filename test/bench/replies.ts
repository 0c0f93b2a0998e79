const NUMBER = '#'.charCodeAt(0)
const ANY = '?'.charCodeAt(0)
const ZERO = 0x30
const NINE = 0x39
const INCOMPLETE = -1

/**
 * Checks and counts the replies to one request, again and again: they are all the same, but where `#` stands for a
 * number, and `?` for any byte.
 */
export class Replies {
  readonly #pattern: Buffer
  /** Of the reply that is under way. */
  #carried = Buffer.alloc(0)

  constructor(pattern: string) {
    this.#pattern = Buffer.from(pattern, 'latin1')
  }

  /** Takes what was read, and returns how many replies have ended in it. Throws where one is wrong. */
  take(bytes: Buffer, length: number): number {
    const read = bytes.subarray(0, length)
    const all = this.#carried.length === 0 ? read : Buffer.concat([this.#carried, read])
    let at = 0
    let count = 0
    for (let end = this.#endOf(all, at); end !== INCOMPLETE; end = this.#endOf(all, at)) {
      at = end
      count++
    }
    this.#carried = Buffer.from(all.subarray(at))
    return count
  }

  #endOf(bytes: Buffer, start: number): number {
    let at = start
    for (const wanted of this.#pattern) {
      if (at >= bytes.length) return INCOMPLETE
      if (wanted === NUMBER) {
        const first = at
        while (at < bytes.length && isDigit(bytes[at])) at++
        if (at === bytes.length) return INCOMPLETE
        if (at === first) throw new Error(`A reply is wrong: ${quote(bytes, start)}`)
      } else if (wanted === ANY || bytes[at] === wanted) at++
      else throw new Error(`A reply is wrong: ${quote(bytes, start)}`)
    }
    return at
  }
}

const isDigit = (byte = 0): boolean => byte >= ZERO && byte <= NINE

const SHOWN_BYTES = 80
const quote = (bytes: Buffer, start: number): string =>
  JSON.stringify(bytes.subarray(start, start + SHOWN_BYTES).toString('latin1'))
