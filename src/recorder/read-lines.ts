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
    let rest: Buffer = Buffer.alloc(0)
    let start = 0
    for (;;) {
      const chunk = readAt(fd, start + rest.length, CHUNK_BYTES)
      if (chunk.length === 0) break
      // A newline of the rest would have been found already.
      let lf = chunk.indexOf(LF)
      if (lf >= 0) lf += rest.length
      rest = Buffer.concat([rest, chunk])
      for (; lf >= 0; lf = rest.indexOf(LF)) {
        yield { start, bytes: rest.subarray(0, lf), isWhole: true }
        start += lf + 1
        rest = rest.subarray(lf + 1)
      }
    }
    if (rest.length > 0) yield { start, bytes: rest, isWhole: false }
  } finally {
    closeSync(fd)
  }
}

/** The lines of a file from its end. The first may have no newline. */
export function* linesFromEnd(file: string): Generator<Line> {
  const fd = openSync(file, 'r')
  try {
    let rest: Buffer = Buffer.alloc(0)
    let isWhole = false
    for (let start = fstatSync(fd).size; start > 0; ) {
      const length = Math.min(CHUNK_BYTES, start)
      start -= length
      rest = Buffer.concat([readAt(fd, start, length), rest])
      for (let lf = rest.lastIndexOf(LF); lf >= 0; lf = rest.lastIndexOf(LF)) {
        if (isWhole || lf + 1 < rest.length) yield { start: start + lf + 1, bytes: rest.subarray(lf + 1), isWhole }
        isWhole = true
        rest = rest.subarray(0, lf)
      }
    }
    if (isWhole || rest.length > 0) yield { start: 0, bytes: rest, isWhole }
  } finally {
    closeSync(fd)
  }
}

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
