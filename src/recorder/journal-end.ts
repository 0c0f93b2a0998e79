import { appendFileSync, closeSync, fstatSync, openSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'
import { journalFile, journalFiles, PRIVATE_FILE_MODE } from './journal-files.ts'
import { NO_HASH } from './line.ts'
import { linesFromEnd, readAt } from './read-lines.ts'
import { isIntact, readRecord } from './record.ts'

/** Where a journal goes on. */
export interface JournalEnd {
  readonly file: string
  /** Of the last record; 0 and NO_HASH where there is none. */
  readonly seq: number
  readonly hash: string
  readonly lastState: Record<string, unknown> | undefined
}

const STATE_KIND = Buffer.from('"kind":"state"')

/**
 * Finds where the journal of a folder goes on. A line that a crash has torn, or several at the end of the last file, is
 * cut off and kept aside. A line that is whole and was changed stays: that is for `verify` to tell.
 */
export function findEnd(folder: string, onRepair: (what: string) => void): JournalEnd {
  const files = journalFiles(folder)
  const last = files.at(-1) ?? journalFile(folder, 1)
  let end: { readonly seq: number; readonly hash: string } | undefined
  for (const file of files.toReversed()) {
    let goodBytes = 0
    for (const { start, bytes, isWhole } of linesFromEnd(file)) {
      // Most lines are of no interest: there may be many files without a state.
      if (end !== undefined && !bytes.includes(STATE_KIND)) continue
      const record = isWhole ? readRecord(bytes) : undefined
      if (record === undefined) continue
      if (end === undefined) {
        end = record
        goodBytes = start + bytes.length + 1
        if (file === last) cutBehind(file, goodBytes, onRepair)
      }
      const { entry } = record
      if (entry.kind === 'state' && isIntact(bytes))
        return { file: last, seq: end.seq, hash: end.hash, lastState: entry.state }
    }
    if (file === last && goodBytes === 0) cutBehind(file, 0, onRepair)
  }
  return { file: last, seq: end?.seq ?? 0, hash: end?.hash ?? NO_HASH, lastState: undefined }
}

/** Takes away what stands behind the last good line of a file. */
function cutBehind(file: string, goodBytes: number, onRepair: (what: string) => void): void {
  const torn = bytesFrom(file, goodBytes)
  if (torn.length === 0) return
  const aside = `${file}.torn`
  const kept = keep(aside, torn) ? `kept in ${basename(aside)}` : 'there was no room to keep them'
  truncateSync(file, goodBytes)
  onRepair(`${basename(file)} ended with ${torn.length} bytes of a torn line, which are cut off: ${kept}`)
}

function bytesFrom(file: string, start: number): Buffer {
  const fd = openSync(file, 'r')
  try {
    return readAt(fd, start, fstatSync(fd).size - start)
  } finally {
    closeSync(fd)
  }
}

/** A full disk is no reason not to start: of a torn line no reply has left. */
function keep(file: string, bytes: Buffer): boolean {
  try {
    appendFileSync(file, Buffer.concat([bytes, Buffer.from('\n')]), { mode: PRIVATE_FILE_MODE })
    return true
  } catch {
    return false
  }
}
