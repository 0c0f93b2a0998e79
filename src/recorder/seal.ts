import { HASH_FIELD_BYTES, hashField, sha256, unsealed } from './line.ts'

/** Turns what is to be written into lines, each with its number and the hash of the one before. */
export class Seal {
  /** Of the last line. */
  seq: number
  hash: string
  /** What the lines stand in: that which was given, or one that is larger. */
  room: Buffer
  #length = 0

  /** `seq` and `hash`: of the line before. */
  constructor(seq: number, hash: string, room: Buffer) {
    this.seq = seq
    this.hash = hash
    this.room = room
  }

  add(body: string): void {
    const line = unsealed(++this.seq, body, this.hash)
    this.#reserve(line.length + HASH_FIELD_BYTES + 1)
    const start = this.#length
    // A line is ASCII. As bytes its hash takes two thirds of the time that it takes as a string.
    const end = start + this.room.write(line, start, 'latin1')
    this.hash = sha256(this.room.subarray(start, end))
    this.#length = end + this.room.write(`${hashField(this.hash)}\n`, end, 'latin1')
  }

  /** All lines. */
  get bytes(): Buffer {
    return this.room.subarray(0, this.#length)
  }

  #reserve(bytes: number): void {
    const { room } = this
    if (this.#length + bytes <= room.length) return
    this.room = Buffer.alloc(Math.max(room.length * 2, this.#length + bytes))
    room.copy(this.room, 0, 0, this.#length)
  }
}
