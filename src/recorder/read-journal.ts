import { basename } from 'node:path'
import { journalFiles, numberOf } from './journal-files.ts'
import { NO_HASH } from './line.ts'
import { linesOf } from './read-lines.ts'
import { isIntact, type JournalRecord, readRecord } from './record.ts'

/** A line of a journal. */
export interface JournalLine {
  /** Without its folder. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Without its newline. */
  readonly bytes: Buffer
  /** Has a newline. */
  readonly isWhole: boolean
  /** Undefined where it is none. */
  readonly record: JournalRecord | undefined
}

/** What is wrong with a line. */
export interface Fault {
  /** Without its folder. */
  readonly file: string
  readonly line: number
  readonly what: string
}

export interface Verdict {
  readonly records: number
  readonly files: number
  /** How many there was no room for. */
  readonly lost: number
  /** At most MAX_FAULTS of them. */
  readonly faults: readonly Fault[]
  /** All of them. */
  readonly faultCount: number
  /** The journal ends in the middle of a line: it is being written, or was when it crashed. That is no fault. */
  readonly torn?: { readonly file: string; readonly line: number; readonly bytes: number }
}

/** So many faults are told one by one. */
const MAX_FAULTS = 1000

/**
 * The lines of a journal in their order, as far as it is written by then, one at a time. Throws where a file cannot be
 * read (code `UNREADABLE`).
 */
export function* readJournal(folder: string): Generator<JournalLine> {
  for (const file of journalFiles(folder)) yield* readJournalFile(file)
}

function* readJournalFile(file: string): Generator<JournalLine> {
  let line = 0
  try {
    for (const { bytes, isWhole } of linesOf(file))
      yield { file: basename(file), line: ++line, bytes, isWhole, record: isWhole ? readRecord(bytes) : undefined }
  } catch (error) {
    const message = `${file} cannot be read: ${(error as Error).message}`
    throw Object.assign(new Error(message, { cause: error }), { code: 'UNREADABLE' })
  }
}

/** Looks whether a journal is whole, and as it was written. Of one that is being written, as far as that has come. */
export function verify(folder: string): Verdict {
  const files = journalFiles(folder)
  const faults: Fault[] = []
  let faultCount = 0
  let torn: Verdict['torn']
  let records = 0
  let lost = 0
  const chain = new Chain()
  for (const [index, file] of files.entries()) {
    const name = basename(file)
    let line = 1
    const tell = (what: string) => {
      faultCount++
      if (faults.length < MAX_FAULTS) faults.push({ file: name, line, what })
    }
    const before = index === 0 ? 0 : numberOf(files[index - 1] as string)
    if (numberOf(file) !== before + 1) tell('the file before this one is missing')
    for (const each of readJournalFile(file)) {
      line = each.line
      if (!each.isWhole) {
        if (index < files.length - 1) tell('the line has no end')
        else torn = { file: name, line, bytes: each.bytes.length }
        continue
      }
      records++
      if (each.record?.entry.kind === 'lost') lost += each.record.entry.count
      for (const what of chain.faultsOf(each)) tell(what)
    }
  }
  return { records, files: files.length, lost, faults, faultCount, ...(torn === undefined ? {} : { torn }) }
}

/** What holds from one record to the next. After a fault it goes on from there, so that one fault is told once. */
class Chain {
  #seq = 0
  /** Undefined behind a line that could not be read. */
  #hash: string | undefined = NO_HASH
  #monoMs = Number.NEGATIVE_INFINITY

  faultsOf({ bytes, record }: JournalLine): string[] {
    if (record === undefined) {
      this.#seq++
      this.#hash = undefined
      return ['is no record']
    }
    const { seq, mono, previous, hash, entry } = record
    const faults: string[] = []
    if (!isIntact(bytes)) faults.push('was changed: its hash is another')
    if (seq !== this.#seq + 1) faults.push(`has the number ${seq}, and ${this.#seq + 1} was to come`)
    if (this.#hash !== undefined && previous !== this.#hash)
      faults.push('does not follow the line before it: that has another hash')
    // The monotonic clock begins anew with every start; of which one that is lost may have been.
    const isAnew = entry.kind === 'start' || entry.kind === 'lost'
    if (mono < this.#monoMs && !isAnew) faults.push(`goes back in time, from ${this.#monoMs} ms to ${mono} ms`)
    this.#seq = seq
    this.#hash = hash
    this.#monoMs = mono
    return faults
  }
}
