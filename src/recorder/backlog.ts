import { Output } from '../wire/output.ts'
import { type Entry, linkLine, writeLine } from './line.ts'
import { readRecord } from './record.ts'
import { Stamp } from './stamp.ts'

/** So much is kept while nothing can be written, in bytes. */
export const MAX_BACKLOG_BYTES = 1024 * 1024
/** Room for the lines of most commits, in bytes. */
const ROOM_BYTES = 64 * 1024
const LF = 0x0a

/** The last of some lines, which the next one vouches for. */
export interface Link {
  readonly seq: number
  readonly hash: string
}

/** Lines that can be written, and what is the last of them. */
export interface Chain extends Link {
  /** Valid until the next is added. */
  readonly bytes: Uint8Array
}

/**
 * What waits to be written: lines already, so that nothing of what they tell has to be kept, and to write them is one
 * call. Where there is a bound the oldest give way, and are counted.
 */
export class Backlog {
  readonly #lines = new Output(ROOM_BYTES)
  /** Where the first begins that was not dropped. */
  #from = 0
  #seq: number
  #hash: string
  #written: Link
  #lostCount = 0
  /** How many lines are lost, and that is written. */
  lostLines = 0
  /** The last that was dropped, with its newline. */
  #lastLost: Buffer | undefined

  constructor(written: Link) {
    this.#written = written
    this.#seq = written.seq
    this.#hash = written.hash
  }

  get isEmpty(): boolean {
    return this.bytes === 0 && this.#lostCount === 0
  }

  /** How much it is, in bytes. */
  get bytes(): number {
    return this.#lines.length - this.#from
  }

  add(entry: Entry, stamp: Stamp): void {
    this.#hash = writeLine(this.#lines, ++this.#seq, stamp, entry, this.#hash)
  }

  /** Drops the oldest, until the rest is within a bound, in bytes. */
  trim(maxBytes = MAX_BACKLOG_BYTES): void {
    const { bytes, end: linesEnd } = this.#lines.since(0)
    while (this.bytes > maxBytes) {
      const end = bytes.indexOf(LF, this.#from) + 1
      this.#lastLost = Buffer.from(bytes.subarray(this.#from, end))
      this.#lostCount++
      this.#from = end
    }
    if (this.#from * 2 <= linesEnd) return
    bytes.copyWithin(0, this.#from, linesEnd)
    this.#lines.endAt(linesEnd - this.#from)
    this.#from = 0
  }

  /** All that waits, behind what was written. */
  chain(): Chain {
    if (this.#lostCount > 0) return this.#chainAnew()
    return { bytes: bytesOf(this.#lines, this.#from), seq: this.#seq, hash: this.#hash }
  }

  /** It was written. */
  written({ seq, hash }: Link): void {
    this.#written = { seq, hash }
    this.#seq = seq
    this.#hash = hash
    this.lostLines += this.#lostCount
    this.#lines.endAt(0)
    this.#from = this.#lostCount = 0
    this.#lastLost = undefined
  }

  /** A line for those that were lost, and the others with the numbers and hashes that they have behind it. */
  #chainAnew(): Chain {
    const { bytes, end: linesEnd } = this.#lines.since(0)
    const anew = new Output(this.bytes + ROOM_BYTES)
    let { seq, hash } = this.#written
    const stamp = stampOf(this.#lastLost as Buffer)
    hash = writeLine(anew, ++seq, stamp, { kind: 'lost', count: this.#lostCount }, hash)
    for (let start = this.#from; start < linesEnd; ) {
      const end = bytes.indexOf(LF, start) + 1
      hash = linkLine(anew, ++seq, bytes.subarray(start, end), hash)
      start = end
    }
    return { bytes: bytesOf(anew, 0), seq, hash }
  }
}

function bytesOf(lines: Output, from: number): Uint8Array {
  const { bytes, start, end } = lines.since(from)
  return bytes.subarray(start, end)
}

function stampOf(line: Buffer): Stamp {
  const { mono = 0, time = '' } = readRecord(line) ?? {}
  const stamp = new Stamp()
  stamp.set(mono, time)
  return stamp
}
