import { FOLDED } from './characters.ts'

/**
 * Extends the hash of a name by one byte, already folded. The hash stays within 30 bits, where integers are cheapest
 * in V8.
 */
export const hashStep = (hash: number, folded: number): number => (Math.imul(hash, 31) + folded) & 0x3fffffff

/** Says whether two names, as bytes, are the same without case. */
export function sameName(
  bytes: Uint8Array,
  start: number,
  end: number,
  others: Uint8Array,
  othersStart = 0,
  othersEnd = others.length,
): boolean {
  if (end - start !== othersEnd - othersStart) return false
  for (let i = start, j = othersStart; i < end; i++, j++) {
    if (FOLDED[bytes[i] as number] !== FOLDED[others[j] as number]) return false
  }
  return true
}

const encoder = new TextEncoder()
/** The hash of a name as a whole. */
export const hashOf = (name: Uint8Array): number =>
  name.reduce((hash, byte) => hashStep(hash, FOLDED[byte] as number), 0)

interface Entry<T> {
  readonly name: Uint8Array
  readonly value: T
  readonly next: Entry<T> | undefined
}

/**
 * A table of ASCII names, looked up without case in the bytes of a message, with no string made. Wire text indexes
 * nothing but this and a Map (G3).
 */
export class Names<T> {
  readonly #entries = new Map<number, Entry<T>>()

  constructor(entries: Iterable<readonly [name: string, value: T]>) {
    for (const [text, value] of entries) {
      if (this.get(text) !== undefined) throw new TypeError(`Name ${text} stands twice`)
      const name = encoder.encode(text)
      const hash = hashOf(name)
      this.#entries.set(hash, { name, value, next: this.#entries.get(hash) })
    }
  }

  get(text: string): T | undefined {
    const name = encoder.encode(text)
    return this.find(name, 0, name.length, hashOf(name))
  }

  /** The value of the name at `start` to `end`, whose hash the parser has taken on its way. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): T | undefined {
    for (let entry = this.#entries.get(hash); entry !== undefined; entry = entry.next) {
      if (sameName(bytes, start, end, entry.name)) return entry.value
    }
    return undefined
  }
}
