import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { PRIVATE_FILE_MODE } from './journal-files.ts'

/** One file of the journal: what is written to it is in it whole, or not at all. */
export class JournalFile {
  readonly path: string
  readonly #fd: number
  #size: number
  /** A write was cut short, and what it left could not be taken away yet. */
  #isTorn = false
  #syncs = 0
  #isClosed = false

  /** Makes the file where there is none. Throws where it cannot be written. */
  constructor(path: string) {
    this.path = path
    this.#fd = openSync(path, 'a', PRIVATE_FILE_MODE)
    this.#size = fstatSync(this.#fd).size
    if (this.#size === 0) syncFolder(dirname(path))
  }

  get size(): number {
    return this.#size
  }

  /** Whether it still stands where it was begun: what is written to a file that was deleted is gone with it. */
  isInPlace(): boolean {
    try {
      const [own, found] = [fstatSync(this.#fd), statSync(this.path)]
      return own.ino === found.ino && own.dev === found.dev
    } catch {
      return false
    }
  }

  /** Throws where not all of it could be written, or brought to the disk if so asked. */
  write(bytes: Uint8Array, isSynced: boolean): void {
    if (this.#isTorn) this.#cutBack()
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at)
      if (isSynced) fdatasyncSync(this.#fd)
    } catch (error) {
      this.#isTorn = true
      try {
        this.#cutBack()
      } catch {
        // Tried again before the next write; and when the journal is opened the next time.
      }
      throw error
    }
    this.#size += bytes.length
  }

  /** Brings to the disk what was written, without waiting for it. */
  sync(done: (error: Error | null) => void): void {
    this.#syncs++
    fdatasync(this.#fd, (error) => {
      this.#syncs--
      if (this.#isClosed && this.#syncs === 0) closeSync(this.#fd)
      done(error)
    })
  }

  syncNow(): void {
    // One that is on its way to the disk is closed when it is there.
    if (!this.#isClosed || this.#syncs > 0) fdatasyncSync(this.#fd)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // The number of a file that is closed may be given to another, which would be brought to the disk in its place.
    if (this.#syncs === 0) closeSync(this.#fd)
  }

  #cutBack(): void {
    ftruncateSync(this.#fd, this.#size)
    this.#isTorn = false
  }
}

/** Brings the name of a new file to the disk. Not every file system can: then it comes there with the time. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch {}
}
