import { readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRIVATE_FILE_MODE } from './journal-files.ts'

/** The field of /proc/PID/stat that tells when a process was started, counted behind its name. */
const START_FIELD = 19
/** The state there of one that has ended, and that nobody has asked after: in a container that may stay so. */
const ZOMBIE = 'Z'

/**
 * Sees to it that one process alone writes to a folder: two would break the chain. Whoever was killed has left a claim
 * that stands for nobody. Throws where somebody writes to it. Returns how to give the claim up.
 */
export function claim(folder: string): () => void {
  const file = join(folder, 'lock')
  const held = claimOf(file)
  if (held !== undefined && isAlive(held)) throw new Error(`process ${held.split(' ')[0]} records to it already`)
  // Of two that find a claim that is left only one has it to take away.
  if (held !== undefined && claimOf(file) === held) remove(file)
  const own = identity(process.pid)
  write(file, own)
  return () => {
    // The folder may have been moved, and another stand in its place.
    if (claimOf(file) === own) remove(file)
  }
}

/**
 * A claim is a link to nowhere, whose name is what is claimed: it takes no room on a full disk, and is there whole or not
 * at all. Where there are no links it is a file. Throws where there is one.
 */
function write(file: string, claim: string): void {
  try {
    symlinkSync(claim, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    writeFileSync(file, claim, { mode: PRIVATE_FILE_MODE, flag: 'wx' })
  }
}

function claimOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return read(file)
  }
}

/** A process, told apart from those that had its number before. */
const identity = (pid: number): string => `${pid} ${startOf(pid)}`

function isAlive(held: string): boolean {
  const pid = Number(held.split(' ')[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // One that may not be sent a signal is there all the same.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return statOf(pid)[0] !== ZOMBIE && identity(pid) === held
}

/** When a process was started; nothing where the system does not tell. */
const startOf = (pid: number): string => statOf(pid)[START_FIELD] ?? ''

/** What the system tells of a process behind its name. */
const statOf = (pid: number): readonly string[] => read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ') ?? []

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file)
  } catch {}
}
