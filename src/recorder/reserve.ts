import { closeSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { PRIVATE_FILE_MODE } from './journal-files.ts'

/** More than the server records in one turn of its event loop. */
const RESERVE_BYTES = 512 * 1024

/**
 * Room on the disk that is held back. When all other is used up, what has been done by then can still be written, before
 * the replies that tell so leave; and nothing more is begun until there is as much room again.
 */
export class Reserve {
  readonly #file: string

  constructor(folder: string) {
    this.#file = join(folder, 'reserve')
  }

  /** Takes the room, if it is not taken. Returns whether it is. */
  take(): boolean {
    if (this.#isTaken()) return true
    try {
      const fd = openSync(this.#file, 'w', PRIVATE_FILE_MODE)
      try {
        // Written, for a length alone takes no room.
        const bytes = Buffer.alloc(RESERVE_BYTES)
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      } finally {
        closeSync(fd)
      }
      return true
    } catch {
      this.release()
      return false
    }
  }

  /** Gives the room back. */
  release(): void {
    try {
      unlinkSync(this.#file)
    } catch {
      // There was none, or the disk is gone.
    }
  }

  #isTaken(): boolean {
    try {
      return statSync(this.#file).size >= RESERVE_BYTES
    } catch {
      return false
    }
  }
}
