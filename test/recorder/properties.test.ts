import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/recorder/entry.ts'
import { verify } from '../../src/recorder/read-journal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { command, entriesOf, openJournal, record, START } from './support/journals.ts'

const RUNS = 100

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }))
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const anyEntry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('command' as const),
      connection: fc.nat(),
      identity: text,
      ranMs: finite,
      order: fc.nat(),
      message: text,
      decision: text,
      reply: text,
    },
    { requiredKeys: ['kind', 'connection', 'ranMs', 'message', 'decision', 'reply'] },
  ),
  fc.record({ kind: fc.constant('event' as const), event: text }),
  fc.record({
    kind: fc.constant('state' as const),
    state: fc.dictionary(
      text,
      fc.oneof(
        text,
        finite,
        fc.boolean(),
        fc.constant(null),
        fc.array(finite),
        fc.dictionary(text, finite, { noNullPrototype: true }),
      ),
      { noNullPrototype: true },
    ),
  }),
  fc.record({ kind: fc.constantFrom('start' as const, 'stop' as const), server: text }),
)

const filesOf = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.jsonl'))

/** Those of a folder, to be changed and put back. */
const contentsOf = (folder: string) => filesOf(folder).map((name) => readFileSync(join(folder, name)))

describe('any entries', () => {
  it('are read back as they were committed, in however many journals, files and commits', () => {
    const journals = fc.array(fc.array(fc.array(anyEntry, { maxLength: 5 }), { maxLength: 4 }), { maxLength: 3 })
    const property = fc.property(journals, fc.integer({ min: 200, max: 3000 }), (all, maxBytes) => {
      const folder = temporaryFolder()
      for (const commits of all) {
        const journal = openJournal(folder, { maxBytes })
        for (const entries of commits) {
          for (const entry of entries) journal.append(entry)
          journal.commit()
        }
        journal.close()
      }
      expect(entriesOf(folder)).toEqual(all.flat(2))
      expect(verify(folder)).toMatchObject({ records: all.flat(2).length, faults: [], faultCount: 0 })
    })
    fc.assert(property, { numRuns: RUNS })
  })
})

describe('a journal of three files', () => {
  const entries = [START, ...[1, 2, 3, 4].map((number) => command(number, 'WRITE \u{1f681}'))]
  const write = () => {
    const folder = temporaryFolder()
    record(folder, entries, { maxBytes: 900 })
    expect(filesOf(folder)).toHaveLength(3)
    return folder
  }

  it('does not pass for whole with any one byte changed', () => {
    const folder = write()
    for (const [index, bytes] of contentsOf(folder).entries()) {
      const file = join(folder, filesOf(folder)[index] as string)
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes)
        // Each bit in its turn: also the one that makes of a letter the other case.
        flipped[at] = (bytes[at] as number) ^ (1 << (at % 8))
        writeFileSync(file, flipped)
        const { faultCount, torn } = verify(folder)
        const isEnd = at === bytes.length - 1 && index === 2
        expect({ at, isFound: isEnd ? torn !== undefined : faultCount > 0 }).toEqual({ at, isFound: true })
      }
      writeFileSync(file, bytes)
    }
    expect(verify(folder).faults).toEqual([])
  })

  it('loses at most the torn line, wherever it is cut', () => {
    const folder = write()
    const name = filesOf(folder).at(-1) as string
    const bytes = readFileSync(join(folder, name))
    const before = entries.length - bytes.toString().trimEnd().split('\n').length
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(join(folder, name), bytes.subarray(0, length))
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length
      const isTorn = length > 0 && bytes[length - 1] !== 0x0a
      const repairs: string[] = []
      const journal = openJournal(folder, { onRepair: (what) => repairs.push(what) })
      journal.append(START)
      journal.close()
      expect({ length, repairs: repairs.length }).toEqual({ length, repairs: isTorn ? 1 : 0 })
      expect(entriesOf(folder)).toEqual([...entries.slice(0, before + whole), START])
      expect(verify(folder).faults).toEqual([])
    }
  })
})
