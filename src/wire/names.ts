import * as characters from './characters.ts'

const { fold, isLetter, isNameByte } = characters

/** Of a name of so many bytes the hash holds them all, so that names of one hash are the same: most are as short. */
const EXACT_BYTES = 4

/**
 * Extends the hash of a name by one byte, already folded: it takes 7 bits, and those that fall out come in again below.
 * The hash has 28 bits: up to 30 integers are cheapest in V8.
 */
export const hashStep = (hash: number, folded: number): number => (((hash << 7) | (hash >>> 21)) & 0xfffffff) ^ folded

/** Says whether two names of the grammar, as bytes, are the same without case. */
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
    if (fold(bytes[i] as number) !== fold(others[j] as number)) return false
  }
  return true
}

const encoder = new TextEncoder()
/** Whether bytes are a name of the grammar, however long. */
export const isName = (bytes: Uint8Array): boolean => isLetter(bytes[0] ?? 0) && bytes.every(isNameByte)

/** The hash of a name as a whole. */
export const hashOf = (name: Uint8Array): number => name.reduce((hash, byte) => hashStep(hash, fold(byte)), 0)

/** So many places of the table for each name, at the least: most searches end at the first. */
const PLACES_PER_NAME = 4
/** Three integers a place: the hash and the length of a name, which is 0 where there is none, and its number. */
const PLACE_FIELDS = 3
/** Spreads hashes over the places: by the highest bits of the product, on which all of the hash has a say. */
const SPREAD = 0x9e3779b1

/**
 * A table of ASCII names, looked up without case in the bytes of a message, with no string made. Wire text indexes
 * nothing but this and a Map (G3). By hash, with open addressing: in 5 ns, where a Map by hash takes 20. What a search
 * reads lies together, since for a message that comes alone most of what it takes is to fetch that.
 */
export class Names<T> {
  readonly #names: readonly Uint8Array[]
  readonly #values: readonly T[]
  /** There are 2 ** (32 - shift) of them. */
  readonly #places: Int32Array
  readonly #shift: number

  constructor(entries: Iterable<readonly [name: string, value: T]>) {
    const all = [...entries]
    this.#names = all.map(([text]) => encoder.encode(text))
    this.#values = all.map(([, value]) => value)
    this.#shift = Math.clz32(all.length * PLACES_PER_NAME + 1)
    this.#places = new Int32Array(2 ** (32 - this.#shift) * PLACE_FIELDS)
    for (const [index, name] of this.#names.entries()) {
      const hash = hashOf(name)
      if (this.find(name, 0, name.length, hash) !== undefined)
        throw new TypeError(`Name ${all[index]?.[0]} stands twice`)
      let place = this.#first(hash)
      while (this.#places[place + 1] !== 0) place = this.#after(place)
      this.#places.set([hash, name.length, index], place)
    }
  }

  get(text: string): T | undefined {
    const name = encoder.encode(text)
    if (!isName(name)) return undefined
    return this.find(name, 0, name.length, hashOf(name))
  }

  /** The value of the name at `start` to `end`, whose hash the parser has taken on its way. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): T | undefined {
    const places = this.#places
    for (let place = this.#first(hash); ; place = this.#after(place)) {
      const length = places[place + 1] as number
      if (length === 0) return undefined
      if (places[place] !== hash || length !== end - start) continue
      const index = places[place + 2] as number
      if (length <= EXACT_BYTES || sameName(bytes, start, end, this.#names[index] as Uint8Array))
        return this.#values[index]
    }
  }

  #first(hash: number): number {
    return (Math.imul(hash, SPREAD) >>> this.#shift) * PLACE_FIELDS
  }

  #after(place: number): number {
    return (place + PLACE_FIELDS) % this.#places.length
  }
}
