import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type Credentials, readCredentials } from './identities.ts'

/** The bits of a file's mode that let others than its owner do anything with it; all of them but its group's reading. */
const OTHERS = 0o077
const OTHERS_BUT_GROUP_READS = 0o037
const PERMISSIONS = 0o777
/** Only its owner may read and write it. */
const OWNER_ONLY = 0o600
const ROOT = 0

/** Why a token file is open to others than its owner; undefined where it is not, or not there. */
export function checkPermissions(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? undefined : problemOf(path, stats)
}

/** Reads a token file that is its owner's alone. Throws an Error that names the file, and shows nothing of it. */
export function readTokenFile(path: string): Credentials {
  const { text, stats } = read(path)
  const problem = problemOf(path, stats)
  if (problem !== undefined) throw new Error(problem)
  return parse(path, text)
}

/**
 * Replaces a token file's text by what `change` makes of it and of its credentials, as a whole: whoever reads it finds
 * the old one or the new one, also after a power cut. Mode and owner stay; a new file is its owner's alone.
 */
export function changeTokenFile(path: string, change: (text: string, credentials: Credentials) => string): void {
  // The new text is written to the lock itself, as git does: of two that change a file at once one is refused.
  const lock = `${path}.lock`
  const descriptor = openLock(path, lock)
  try {
    try {
      const old = readOld(path)
      const text = old?.text ?? ''
      writeFileSync(descriptor, change(text, text.trim() === '' ? NOBODY : parse(path, text)))
      keepOwner(descriptor, old?.stats)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(lock, path)
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  }
  syncFolderOf(path)
}

const NOBODY: Credentials = { kind: 'named', entries: [] }

function problemOf(path: string, stats: Stats): string | undefined {
  const user = process.geteuid?.()
  // Where there are no users there are no such permissions; and a pipe is nobody else's.
  if (user === undefined || !stats.isFile()) return undefined
  // The credentials of systemd are root's, and readable for a group by which an access list is meant (mode 0440).
  const isProvidedByRoot = stats.uid === ROOT && user !== ROOT
  if ((stats.mode & (isProvidedByRoot ? OTHERS_BUT_GROUP_READS : OTHERS)) === 0) return undefined
  const mode = (stats.mode & PERMISSIONS).toString(8).padStart(4, '0')
  return `${path} is to be its owner's alone, and has the mode ${mode}: chmod 600 ${path}`
}

function read(path: string): { readonly text: string; readonly stats: Stats } {
  const descriptor = openSync(path, 'r')
  try {
    // Of what is read, not of what may have taken its place.
    return { stats: fstatSync(descriptor), text: readFileSync(descriptor, 'utf8') }
  } finally {
    closeSync(descriptor)
  }
}

function parse(path: string, text: string): Credentials {
  try {
    return readCredentials(text)
  } catch (error) {
    throw new Error(`${path}, ${(error as Error).message}`)
  }
}

function openLock(path: string, lock: string): number {
  try {
    return openSync(lock, 'wx', OWNER_ONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`${path} is being changed by another: where that is not so, remove ${lock}`)
  }
}

function readOld(path: string): ReturnType<typeof read> | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  // A new file in the place of a link would leave the one behind it as it was.
  if (stats.isSymbolicLink()) throw new Error(`${path} is a symbolic link: name the file itself`)
  if (!stats.isFile()) throw new Error(`${path} is no file`)
  return read(path)
}

function keepOwner(descriptor: number, old: Stats | undefined): void {
  const { uid, gid } = fstatSync(descriptor)
  if (old !== undefined && (old.uid !== uid || old.gid !== gid)) fchownSync(descriptor, old.uid, old.gid)
  // Whatever the umask says.
  fchmodSync(descriptor, old === undefined ? OWNER_ONLY : old.mode & PERMISSIONS)
}

/** The name of the file is on the disk only when its folder is. */
function syncFolderOf(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path.slice(0, path.lastIndexOf('/') + 1) || '.', 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
