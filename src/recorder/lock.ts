import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRIVATE_FILE_MODE } from './journal-files.ts'

/** The field of /proc/PID/stat that tells when a process was started, counted behind its name. */
const START_FIELD = 19

/**
 * Sees to it that one process alone writes to a folder: two would break the chain. Whoever was killed has left a claim
 * that stands for nobody. Throws where somebody writes to it. Returns how to give the claim up.
 */
export function claim(folder: string): () => void {
  const file = join(folder, 'lock')
  const held = read(file)
  if (held !== undefined && isAlive(held)) throw new Error(`process ${held.split(' ')[0]} records to it already`)
  // Of two that find a claim that is left only one has it to take away.
  if (held !== undefined && read(file) === held) remove(file)
  writeFileSync(file, identity(process.pid), { mode: PRIVATE_FILE_MODE, flag: 'wx' })
  return () => remove(file)
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
  return identity(pid) === held
}

/** When a process was started; nothing where the system does not tell. */
const startOf = (pid: number): string => read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[START_FIELD] ?? ''

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
