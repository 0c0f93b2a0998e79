import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { JournalEntry } from '../../../src/recorder/entry.ts'
import { Journal, type JournalOptions } from '../../../src/recorder/journal.ts'
import { readJournal } from '../../../src/recorder/read-journal.ts'
import type { JournalRecord } from '../../../src/recorder/record.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export const WALL_TIME = '2026-01-02T03:04:05.678Z'
export const START: JournalEntry = { kind: 'start', server: 'skyline/0.1.0' }

/** A command of a flight, as the server records it. */
export const command = (number: number, text = 'PING', reply = 'OK PONG'): JournalEntry => ({
  kind: 'command',
  connection: 1,
  ranMs: number,
  message: `${text}\r\nId: ${number}\r\n\r\n`,
  decision: 'ran',
  reply: `${reply}\r\nId: ${number}\r\n\r\n`,
})

/** A journal that syncs when it is closed, which is with its test, if not before. */
export function openJournal(folder: string, options: Partial<JournalOptions> = {}): Journal {
  const clock = new FakeClock()
  const journal = Journal.open({ folder, syncMs: 100, clock, wallClock: () => new Date(WALL_TIME), ...options })
  onTestFinished(() => journal.close())
  return journal
}

/** Writes a journal, each entry with a commit of its own. */
export function record(folder: string, entries: readonly JournalEntry[], options: Partial<JournalOptions> = {}): void {
  const journal = openJournal(folder, options)
  for (const entry of entries) {
    journal.append(entry)
    journal.commit()
  }
  journal.close()
}

/** The records of a journal. Throws at a line that is none. */
export const recordsOf = (folder: string): JournalRecord[] =>
  [...readJournal(folder)].map(({ record, file, line }) => {
    if (record === undefined) throw new Error(`${file}:${line} is no record`)
    return record
  })

export const entriesOf = (folder: string): JournalRecord['entry'][] => recordsOf(folder).map(({ entry }) => entry)

export const firstFile = (folder: string): string => join(folder, 'skyline-000001.jsonl')

export const textOf = (file: string): string => readFileSync(file, 'latin1')
