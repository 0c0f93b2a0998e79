import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { journalFile } from '../../src/recorder/journal-files.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { command, firstFile, openJournal, recordsOf, START, textOf } from './support/journals.ts'

const LOOK_MS = 1000
const RETRY_MS = 1000

/** A journal with one record, in a folder that is in another. */
function scene() {
  const parent = temporaryFolder()
  const folder = join(parent, 'flight')
  const clock = new FakeClock()
  const told: string[] = []
  const journal = openJournal(folder, {
    clock,
    onFailure: ({ message }) => told.push(message),
    onRecovery: () => told.push('recovered'),
  })
  const commit = (number: number) => {
    journal.append(command(number))
    journal.commit()
    return journal.available
  }
  journal.append(START)
  journal.commit()
  return { parent, folder, clock, told, journal, commit }
}

describe('a journal whose file', () => {
  it.each([
    { what: 'is deleted', act: (file: string) => rmSync(file) },
    { what: 'is moved', act: (file: string) => renameSync(file, `${file}.old`) },
    {
      what: 'has another in its place',
      act: (file: string) => {
        renameSync(file, `${file}.old`)
        copyFileSync(`${file}.old`, file)
      },
    },
  ])('$what tells so, and goes on in another, if it can', ({ act }) => {
    const { folder, clock, told, commit } = scene()
    act(firstFile(folder))
    clock.advance(LOOK_MS)
    commit(1)
    expect(told).toEqual([`${firstFile(folder)} was deleted or moved`, 'recovered'])
    expect(commit(2)).toBe(true)
    const records = recordsOf(folder).slice(-2)
    expect(records.map(({ seq, entry }) => [seq, entry])).toEqual([
      [2, command(1)],
      [3, command(2)],
    ])
    expect(textOf(journalFile(folder, 2)).split('\n')).toHaveLength(3)
  })

  it('is there is looked for once a second', () => {
    const { folder, clock, told, commit } = scene()
    rmSync(firstFile(folder))
    clock.advance(LOOK_MS - 1)
    commit(1)
    expect(told).toEqual([])
    clock.advance(1)
    commit(2)
    expect(told).toHaveLength(2)
  })
})

describe('a journal whose folder', () => {
  it('is deleted is unavailable until there is one, to which nobody else may write', () => {
    const { folder, clock, told, journal, commit } = scene()
    rmSync(folder, { recursive: true })
    clock.advance(LOOK_MS)
    expect(commit(1)).toBe(false)
    clock.advance(RETRY_MS)
    expect([commit(2), told.length]).toEqual([false, 1])
    mkdirSync(folder)
    clock.advance(RETRY_MS)
    expect(commit(3)).toBe(true)
    expect(recordsOf(folder).map(({ entry }) => entry)).toEqual([1, 2, 3].map((number) => command(number)))
    expect(() => openJournal(folder)).toThrow('records to it already')
    journal.close()
    openJournal(folder)
  })

  it.skipIf(process.platform !== 'linux')('is another one, to which another process writes, leaves that alone', () => {
    const { parent, folder, clock, journal, commit } = scene()
    renameSync(folder, join(parent, 'moved'))
    mkdirSync(folder)
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    symlinkSync(`${process.ppid} ${started}`, join(folder, 'lock'))
    clock.advance(LOOK_MS)
    expect(commit(1)).toBe(false)
    clock.advance(RETRY_MS)
    expect(commit(2)).toBe(false)
    journal.close()
    expect(existsSync(journalFile(folder, 2))).toBe(false)
    expect(() => openJournal(folder)).toThrow(`process ${process.ppid} records to it already`)
  })
})
