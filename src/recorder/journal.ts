import type { Clock } from '../time/clock.ts'
import { WallTime } from '../time/wall-time.ts'
import { Backlog } from './backlog.ts'
import type { GivenEntry } from './entry.ts'
import { findEnd, type JournalEnd } from './journal-end.ts'
import { JournalFile } from './journal-file.ts'
import { journalFile, makeFolder, numberOf } from './journal-files.ts'
import { claim } from './lock.ts'
import { Reserve } from './reserve.ts'
import { Stamp } from './stamp.ts'
import { SyncPace } from './sync-pace.ts'

export interface JournalOptions {
  readonly folder: string
  /** How often what was committed is brought to the disk, in milliseconds; 0 is in every commit, before it returns. */
  readonly syncMs: number
  /** Of one file: 64 MiB, if left out. */
  readonly maxBytes?: number
  readonly clock: Clock
  /** The machine's, if left out. */
  readonly wallClock?: () => Date
  /** There is no room left, or nothing can be written, from now on; told once, until all is well again. */
  readonly onFailure?: (error: Error) => void
  /** All is well again. */
  readonly onRecovery?: () => void
  /** What the last one to write has left was mended. */
  readonly onRepair?: (what: string) => void
}

const MAX_FILE_BYTES = 64 * 1024 * 1024
/** How long it is left alone when nothing could be written, in milliseconds. */
const RETRY_MS = 1000
/** How often it is looked whether the file that is written to is still there, in milliseconds. */
const LOOK_MS = 1000

/** The flight recorder: lines that are added to files, and never changed; each vouches for those before it. */
export class Journal {
  /** The last state that was recorded before this journal was opened. */
  readonly lastState: Record<string, unknown> | undefined
  readonly #options: JournalOptions
  readonly #maxBytes: number
  #release: () => void
  readonly #backlog: Backlog
  #file: JournalFile
  #number: number
  #canWrite = true
  /** It can, and there is room for more. */
  #available = true
  readonly #reserve: Reserve
  /** There was room for it, at the start or when a failure was over. */
  #hasReserve: boolean
  #retryAtMs = 0
  #isClosed = false
  #lookAtMs = 0
  /** The file that is written to was deleted or moved. */
  #isGone = false
  #goneFiles = 0
  /** Files that are full, and on their way to the disk. */
  readonly #full = new Set<JournalFile>()
  readonly #pace: SyncPace
  readonly #time: WallTime
  readonly #stamp = new Stamp()

  /** Goes on behind the last good line. Throws where the folder cannot be written, or another journal writes to it. */
  static open(options: JournalOptions): Journal {
    const { folder, onRepair = () => {} } = options
    let release = () => {}
    try {
      makeFolder(folder)
      release = claim(folder)
      const end = findEnd(folder, onRepair)
      return new Journal(options, end, new JournalFile(end.file), release)
    } catch (error) {
      release()
      throw new Error(`The flight recorder cannot write to ${folder}: ${(error as Error).message}`, { cause: error })
    }
  }

  private constructor(options: JournalOptions, end: JournalEnd, file: JournalFile, release: () => void) {
    this.#options = options
    this.#time = new WallTime(options.wallClock ?? (() => new Date()))
    this.#maxBytes = options.maxBytes ?? MAX_FILE_BYTES
    this.#release = release
    this.#file = file
    this.#pace = new SyncPace(options.clock, options.syncMs, (done) =>
      this.#file.sync((error) => {
        if (error !== null) this.#failed(error)
        done()
      }),
    )
    this.#reserve = new Reserve(options.folder)
    this.#hasReserve = this.#reserve.take()
    this.#number = numberOf(end.file)
    this.#backlog = new Backlog(end)
    this.lastState = end.lastState
  }

  /**
   * Whether what is committed is written, and there is room for more. If not, that is tried again once a second, by the
   * commits to come.
   */
  get available(): boolean {
    return this.#available
  }

  /** Grows when lines are lost, for which there was room neither on the disk nor in memory, or whose file is gone. */
  get losses(): number {
    return this.#backlog.lostLines + this.#goneFiles
  }

  /** How much was added and not written, in bytes. */
  get waitingBytes(): number {
    return this.#backlog.bytes
  }

  /** Adds a line, in memory. While nothing can be written the oldest give way, and are counted. */
  append(entry: GivenEntry): void {
    if (this.#isClosed) return
    const monoMs = this.#options.clock.now()
    if (!this.#stamp.isOf(monoMs)) this.#stamp.set(monoMs, this.#time.at(monoMs))
    this.#backlog.add(entry, this.#stamp)
    if (!this.#canWrite) this.#backlog.trim()
  }

  /** Writes all lines that were added. What of that fails stays in memory. */
  commit(): void {
    if (this.#isClosed || (this.#backlog.isEmpty && this.#available)) return
    const isDue = this.#available || this.#options.clock.now() >= this.#retryAtMs
    if (isDue || this.#canWrite) this.#tryToWrite()
    if (isDue && this.#canWrite && !this.#available) this.#recover()
  }

  close(): void {
    if (this.#isClosed) return
    this.#writeLast()
    this.#pace.end()
    for (const file of [...this.#full, this.#file]) {
      try {
        file.syncNow()
      } catch (error) {
        this.#failed(error as Error)
      }
      file.close()
    }
    this.#isClosed = true
    this.#release()
  }

  /** Writes the last of what waits that there is room for, and tells how much is lost of the rest. */
  #writeLast(): void {
    const backlog = this.#backlog
    this.#reserve.release()
    this.#tryToWrite()
    while (!this.#canWrite && backlog.bytes > 0) {
      backlog.trim(backlog.bytes / 2)
      this.#tryToWrite()
    }
  }

  #tryToWrite(): void {
    const hasReserve = this.#available && this.#hasReserve
    try {
      this.#write()
      this.#canWrite = true
    } catch (error) {
      this.#failed(error as Error)
      if (!hasReserve) return
      // What is to be written tells of what was done: the last room there is, is for that.
      this.#reserve.release()
      this.#tryToWrite()
    }
  }

  /** Nothing is well before there is as much room as there was. */
  #recover(): void {
    this.#retryAtMs = this.#options.clock.now() + RETRY_MS
    const isTaken = this.#reserve.take()
    if (this.#hasReserve && !isTaken) return
    this.#hasReserve = isTaken
    this.#available = true
    this.#options.onRecovery?.()
  }

  #write(): void {
    this.#look()
    const chain = this.#backlog.chain()
    const { bytes } = chain
    const isFull = this.#file.size + bytes.length > this.#maxBytes
    if (this.#isGone || (isFull && this.#file.size > 0 && bytes.length > 0)) this.#beginFile()
    // After a failure nothing less shows that the disk works again.
    const isSynced = this.#options.syncMs === 0 || !this.#canWrite
    this.#file.write(bytes, isSynced)
    this.#backlog.written(chain)
    if (!isSynced) this.#pace.wrote()
  }

  /** Throws when it finds that the file is gone. */
  #look(): void {
    const nowMs = this.#options.clock.now()
    if (this.#isGone || nowMs < this.#lookAtMs) return
    this.#lookAtMs = nowMs + LOOK_MS
    if (this.#file.isInPlace()) return
    this.#isGone = true
    this.#goneFiles++
    throw new Error(`${this.#file.path} was deleted or moved`)
  }

  #beginFile(): void {
    if (this.#isGone) {
      // Its folder may be another one, too.
      this.#release()
      this.#release = claim(this.#options.folder)
    }
    const file = new JournalFile(journalFile(this.#options.folder, this.#number + 1))
    const full = this.#file
    this.#number++
    this.#file = file
    this.#isGone = false
    this.#full.add(full)
    full.sync((error) => {
      this.#full.delete(full)
      if (error !== null) this.#failed(error)
    })
    full.close()
  }

  #failed(error: Error): void {
    if (this.#isClosed) return
    this.#retryAtMs = this.#options.clock.now() + RETRY_MS
    this.#canWrite = false
    this.#backlog.trim()
    if (!this.#available) return
    this.#available = false
    this.#options.onFailure?.(error)
  }
}
