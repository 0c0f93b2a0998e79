import { Transform } from 'node:stream'
import { LF } from '../../wire/characters.ts'
import { MAX_MESSAGE_BYTES } from '../../wire/limits.ts'

/** Whether a line holds more than any message may (F3), or what is left of it by `cutLines`. */
export const isTooLong = (line: string): boolean => Buffer.byteLength(line) > MAX_MESSAGE_BYTES

/**
 * Passes lines on, each up to the byte that is one too many for a message: nobody wants the rest of it, which may be more
 * than there is memory for.
 */
export function cutLines(): Transform {
  let room = MAX_MESSAGE_BYTES + 1
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const kept: Buffer[] = []
      for (let at = 0; at < chunk.length; ) {
        const lf = chunk.indexOf(LF, at)
        const end = lf < 0 ? chunk.length : lf
        kept.push(chunk.subarray(at, Math.min(end, at + room)), chunk.subarray(end, end + 1))
        room = lf < 0 ? Math.max(0, room - (end - at)) : MAX_MESSAGE_BYTES + 1
        at = end + 1
      }
      done(null, Buffer.concat(kept))
    },
  })
}
