import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** So much is read at a time, in bytes. */
const CHUNK_BYTES = 64 * 1024
const LF = 0x0a

export interface Line {
  /** Where it starts in its file. */
  readonly start: number
  /** Without its newline. */
  readonly bytes: Buffer
  /** Has a newline. Only the last of a file may have none. */
  readonly isWhole: boolean
}

/** The lines of a file from its start, as far as it is written by then. What is kept of it is a line and a chunk. */
export function* linesOf(file: string): Generator<Line> {
  const fd = openSync(file, 'r')
  try {
    let start = 0
    /** Of the line whose end is yet to come. */
    let pieces: Buffer[] = []
    for (let at = 0; ; ) {
      let chunk = readAt(fd, at, CHUNK_BYTES)
      if (chunk.length === 0) break
      at += chunk.length
      for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF)) {
        const bytes = joined([...pieces, chunk.subarray(0, lf)])
        yield { start, bytes, isWhole: true }
        start += bytes.length + 1
        pieces = []
        chunk = chunk.subarray(lf + 1)
      }
      pieces.push(chunk)
    }
    const rest = joined(pieces)
    if (rest.length > 0) yield { start, bytes: rest, isWhole: false }
  } finally {
    closeSync(fd)
  }
}

/** The lines of a file from its end. The first may have no newline. */
export function* linesFromEnd(file: string): Generator<Line> {
  const fd = openSync(file, 'r')
  try {
    let isWhole = false
    /** Of the line whose start is yet to come, the last first. */
    let pieces: Buffer[] = []
    for (let start = fstatSync(fd).size; start > 0; ) {
      const length = Math.min(CHUNK_BYTES, start)
      start -= length
      let chunk = readAt(fd, start, length)
      for (let lf = chunk.lastIndexOf(LF); lf >= 0; lf = chunk.lastIndexOf(LF)) {
        const bytes = joined([chunk.subarray(lf + 1), ...pieces.reverse()])
        if (isWhole || bytes.length > 0) yield { start: start + lf + 1, bytes, isWhole }
        isWhole = true
        pieces = []
        chunk = chunk.subarray(0, lf)
      }
      pieces.push(chunk)
    }
    const first = joined(pieces.reverse())
    if (isWhole || first.length > 0) yield { start: 0, bytes: first, isWhole }
  } finally {
    closeSync(fd)
  }
}

/** Once for all pieces of a line, however long it is; as a rule there is one. */
const joined = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)

/** What stands at a place of a file; less of it at the end. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let count = 0
  while (count < length) {
    const read = readSync(fd, bytes, count, length - count, position + count)
    if (read === 0) break
    count += read
  }
  return bytes.subarray(0, count)
}
