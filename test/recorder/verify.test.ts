import { renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hashField, sha256 } from '../../src/recorder/line.ts'
import { verify } from '../../src/recorder/read-journal.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { command, firstFile, openJournal, record, START, textOf } from './support/journals.ts'

const FILE = 'skyline-000001.jsonl'

/** A journal of five records in one file, changed by its lines. */
function changed(change: (lines: string[]) => readonly string[]): string {
  const folder = temporaryFolder()
  record(folder, [START, command(1), command(2), command(3), command(4)])
  const lines = textOf(firstFile(folder)).trimEnd().split('\n')
  writeFileSync(
    firstFile(folder),
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
    'latin1',
  )
  return folder
}

/** A line with another content, and the hash of that: what somebody would do who wants it to pass. */
function forged(line: string | undefined, from: string, to: string): string {
  const content = (line ?? '').replace(from, to).replace(/,"hash":.*/, '')
  return content + hashField(sha256(content))
}

describe('verify', () => {
  it.each([
    {
      fault: 'a line that was changed',
      change: ([a, b = '', ...rest]: string[]) => [a ?? '', b.replace('PONG', 'PING'), ...rest],
      faults: [{ line: 2, what: 'was changed: its hash is another' }],
    },
    {
      fault: 'a line that was changed together with its hash',
      change: ([a, b, ...rest]: string[]) => [a ?? '', forged(b, 'PONG', 'PING'), ...rest],
      faults: [{ line: 3, what: 'does not follow the line before it: that has another hash' }],
    },
    {
      fault: 'a line that is missing',
      change: ([a = '', , ...rest]: string[]) => [a, ...rest],
      faults: [
        { line: 2, what: 'has the number 3, and 2 was to come' },
        { line: 2, what: 'does not follow the line before it: that has another hash' },
      ],
    },
    {
      fault: 'a line that stands there twice',
      change: ([a = '', ...rest]: string[]) => [a, a, ...rest],
      faults: [
        { line: 2, what: 'has the number 1, and 2 was to come' },
        { line: 2, what: 'does not follow the line before it: that has another hash' },
      ],
    },
    {
      fault: 'what is no record',
      change: ([a = '', _, ...rest]: string[]) => [a, 'no record', ...rest],
      faults: [{ line: 2, what: 'is no record' }],
    },
    {
      fault: 'a space more',
      change: ([a = '', b = '', ...rest]: string[]) => [a, `${b} `, ...rest],
      faults: [{ line: 2, what: 'was changed: its hash is another' }],
    },
    {
      fault: 'a kind that there is not',
      change: (lines: string[]) => [...lines.slice(0, 4), forged(lines[4], '"kind":"command"', '"kind":"x"')],
      faults: [{ line: 5, what: 'is no record' }],
    },
    {
      fault: 'a time that goes back',
      change: (lines: string[]) => [...lines.slice(0, 4), forged(lines[4], '"mono":0', '"mono":-1')],
      faults: [{ line: 5, what: 'goes back in time, from 0 ms to -1 ms' }],
    },
    {
      fault: 'a time that is none',
      change: (lines: string[]) => [...lines.slice(0, 4), forged(lines[4], '2026-', 'next-')],
      faults: [{ line: 5, what: 'is no record' }],
    },
    {
      fault: 'a beginning that is missing',
      change: ([_, ...rest]: string[]) => rest,
      faults: [
        { line: 1, what: 'has the number 2, and 1 was to come' },
        { line: 1, what: 'does not follow the line before it: that has another hash' },
      ],
    },
  ])('finds $fault', ({ change, faults }) => {
    expect(verify(changed(change)).faults).toEqual(faults.map((fault) => ({ file: FILE, ...fault })))
  })

  it('finds no fault in clocks that begin anew with a start', () => {
    const folder = temporaryFolder()
    const clock = new FakeClock()
    clock.advance(1000)
    record(folder, [START, command(1)], { clock })
    record(folder, [START, command(1)])
    expect(verify(folder)).toEqual({ records: 4, files: 1, faults: [], faultCount: 0, lost: 0 })
  })

  const three = () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1), command(2)], { maxBytes: 1 })
    return { folder, files: [1, 2, 3].map((number) => join(folder, `skyline-00000${number}.jsonl`)) }
  }

  it('finds a file that is missing', () => {
    const { folder, files } = three()
    unlinkSync(files[1] ?? '')
    expect(verify(folder)).toMatchObject({
      files: 2,
      faults: [
        { file: 'skyline-000003.jsonl', line: 1, what: 'the file before this one is missing' },
        { what: 'has the number 3, and 2 was to come' },
        { what: 'does not follow the line before it: that has another hash' },
      ],
    })
  })

  it('finds files that have changed places', () => {
    const { folder, files } = three()
    const [one = '', two = ''] = files
    renameSync(one, join(folder, 'x'))
    renameSync(two, one)
    renameSync(join(folder, 'x'), two)
    expect(verify(folder).faultCount).toBeGreaterThan(0)
  })

  it('finds a line without an end, where another file follows', () => {
    const { folder, files } = three()
    writeFileSync(files[0] ?? '', textOf(files[0] ?? '').trimEnd())
    expect(verify(folder).faults[0]).toEqual({ file: FILE, line: 1, what: 'the line has no end' })
  })

  it('tells a line that is not finished, which is no fault of a journal that is being written', () => {
    const folder = temporaryFolder()
    const journal = openJournal(folder)
    journal.append(START)
    journal.commit()
    writeFileSync(firstFile(folder), '{"seq":2', { flag: 'a' })
    expect(verify(folder)).toEqual({
      records: 1,
      files: 1,
      faults: [],
      faultCount: 0,
      lost: 0,
      torn: { file: FILE, line: 2, bytes: 8 },
    })
  })

  it('counts more faults than it lists', () => {
    const folder = temporaryFolder()
    writeFileSync(firstFile(folder), 'x\n'.repeat(3000))
    const { faults, faultCount } = verify(folder)
    expect({ listed: faults.length, faultCount }).toEqual({ listed: 1000, faultCount: 3000 })
  })

  it('reads lines that are longer than what it reads at a time', () => {
    const folder = temporaryFolder()
    record(folder, [
      { kind: 'event', event: 'x'.repeat(300_000) },
      { kind: 'event', event: 'y'.repeat(65_536) },
    ])
    expect(verify(folder)).toMatchObject({ records: 2, faults: [] })
    expect(openJournal(folder).available).toBe(true)
  })
})
