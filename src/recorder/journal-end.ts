import { appendFileSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'
import { journalFile, journalFiles, PRIVATE_FILE_MODE } from './journal-files.ts'
import { NO_HASH } from './line.ts'
import { type Line, linesFromEnd } from './read-lines.ts'
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
 * Finds where the journal of a folder goes on. A line without an end, which a crash has torn, is cut off and kept aside.
 * Lines that are whole stay, whatever became of them: they are for `verify` to tell. Those at the end that are no records
 * count as such, so that no number is given twice.
 */
export function findEnd(folder: string, onRepair: (what: string) => void): JournalEnd {
  const files = journalFiles(folder)
  const last = files.at(-1) ?? journalFile(folder, 1)
  let damaged = 0
  let end: { readonly seq: number; readonly hash: string } | undefined
  let lastState: JournalEnd['lastState']
  for (const { file, start, bytes, isWhole } of fromEnd(files)) {
    if (!isWhole && file === last) cutOff(file, start, bytes, onRepair)
    // Most lines are of no interest: there may be many files without a state.
    if (!isWhole || (end !== undefined && !bytes.includes(STATE_KIND))) continue
    const record = readRecord(bytes)
    if (end === undefined && record === undefined) damaged++
    end ??= record
    if (record?.entry.kind !== 'state' || !isIntact(bytes)) continue
    lastState = record.entry.state
    break
  }
  if (damaged > 0) onRepair(`it ended with damaged lines (${damaged}): they stay, and the record goes on behind them`)
  return { file: last, seq: (end?.seq ?? 0) + damaged, hash: end?.hash ?? NO_HASH, lastState }
}

function* fromEnd(files: readonly string[]): Generator<Line & { readonly file: string }> {
  for (const file of files.toReversed()) for (const line of linesFromEnd(file)) yield { file, ...line }
}

/** Takes away the torn line that a file ends with. */
function cutOff(file: string, start: number, torn: Buffer, onRepair: (what: string) => void): void {
  const aside = `${file}.torn`
  const kept = keep(aside, torn) ? `kept in ${basename(aside)}` : 'there was no room to keep them'
  truncateSync(file, start)
  onRepair(`${basename(file)} ended with ${torn.length} bytes of a torn line, which are cut off: ${kept}`)
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
