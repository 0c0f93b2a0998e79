import type * as fs from 'node:fs'

const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })

type Breakable = 'ftruncateSync' | 'fdatasyncSync' | 'fdatasync' | 'openSync' | 'symlinkSync'

/** A disk that has so much room and no more, and other weaknesses; for `vi.mock('node:fs')`. */
export class WeakDisk {
  roomBytes = Number.POSITIVE_INFINITY
  /** Calls that fail. */
  readonly broken = new Set<Breakable>()
  /** What was called. */
  readonly calls: string[] = []

  /** As good as new. */
  mend(): void {
    this.roomBytes = Number.POSITIVE_INFINITY
    this.broken.clear()
    this.calls.length = 0
  }

  /** The functions of a true file system, on this disk. */
  weaken(real: typeof fs): Partial<typeof fs> {
    const fails = (name: Breakable) => {
      this.calls.push(name)
      if (this.broken.has(name)) throw noSpace()
    }
    return {
      writeSync: ((fd: number, bytes: Buffer, offset: number) => {
        this.calls.push('writeSync')
        const length = Math.min(this.roomBytes, bytes.length - offset)
        if (length === 0 && bytes.length > 0) throw noSpace()
        this.roomBytes -= length
        return real.writeSync(fd, bytes, offset, length)
      }) as typeof fs.writeSync,
      ftruncateSync: (fd, length) => {
        fails('ftruncateSync')
        this.roomBytes += real.fstatSync(fd).size - (length ?? 0)
        real.ftruncateSync(fd, length)
      },
      unlinkSync: (path) => {
        const { size } = real.lstatSync(path)
        real.unlinkSync(path)
        this.roomBytes += size
      },
      symlinkSync: (target, path) => {
        if (this.broken.has('symlinkSync')) throw noSpace()
        real.symlinkSync(target, path)
      },
      fdatasyncSync: (fd) => {
        fails('fdatasyncSync')
        real.fdatasyncSync(fd)
      },
      fdatasync: ((fd: number, done: (error: Error | null) => void) => {
        this.calls.push('fdatasync')
        if (this.broken.has('fdatasync')) setImmediate(() => done(noSpace()))
        else real.fdatasync(fd, done)
      }) as typeof fs.fdatasync,
      openSync: ((...args: Parameters<typeof fs.openSync>) => {
        if (args[1] === 'a') fails('openSync')
        return real.openSync(...args)
      }) as typeof fs.openSync,
    }
  }
}
