import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { JournalEntry } from '../../src/recorder/entry.ts'
import { verify } from '../../src/recorder/read-journal.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  command,
  entriesOf,
  firstFile,
  openJournal,
  record,
  recordsOf,
  START,
  textOf,
  WALL_TIME,
} from './support/journals.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('a journal', () => {
  it('has a line for each entry, with its number, both times and the hashes', () => {
    const folder = temporaryFolder()
    const clock = new FakeClock()
    const journal = openJournal(folder, { clock })
    journal.append(START)
    clock.advance(12.5)
    journal.append({ ...command(12.5, 'MOVE 1 2', 'OK MOVING_TO(1, 2)'), identity: 'anna' } as JournalEntry)
    journal.commit()
    const lines = textOf(firstFile(folder)).split('\n')
    expect(lines.map((line) => line.replaceAll(/[0-9a-f]{64}/g, '#'))).toEqual([
      `{"seq":1,"time":"${WALL_TIME}","mono":0,"kind":"start","server":"skyline/0.1.0","previous":"#","hash":"#"}`,
      `{"seq":2,"time":"${WALL_TIME}","mono":12.5,"kind":"command","connection":1,"identity":"anna","ranMs":12.5,${[
        String.raw`"message":"MOVE 1 2\r\nId: 12.5\r\n\r\n","decision":"ran"`,
        String.raw`"reply":"OK MOVING_TO(1, 2)\r\nId: 12.5\r\n\r\n","previous":"#","hash":"#"}`,
      ].join(',')}`,
      '',
    ])
  })

  it('carries in each line the hash of the line itself and of the one before, which any tool can compute', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1), command(2), { kind: 'event', event: 'EVENT LINK\r\nText: \u{1f681}\r\n\r\n' }])
    let previous = '0'.repeat(64)
    for (const line of textOf(firstFile(folder)).trimEnd().split('\n')) {
      const [, content = '', hash] = /^(.*),"hash":"(.{64})"\}$/.exec(line) ?? []
      expect(hash).toBe(createHash('sha256').update(content, 'latin1').digest('hex'))
      expect(JSON.parse(line)).toMatchObject({ previous, hash })
      previous = hash as string
    }
  })

  it('is in the file as soon as it is committed, and not before', () => {
    const folder = temporaryFolder()
    const journal = openJournal(folder, { syncMs: 100 })
    journal.append(START)
    expect(textOf(firstFile(folder))).toBe('')
    journal.commit()
    expect(entriesOf(folder)).toEqual([START])
  })

  it('holds nothing but printable ASCII, whatever it is given', () => {
    const folder = temporaryFolder()
    const nasty = '\0\x07\x1b[31m\t\r\n"\\\x7f\x9b\u0085\u00e9\u2028\u2029\u202e\u2066\ufeff\ud800\u{1f681}</'
    const entries: JournalEntry[] = [
      { kind: 'start', server: nasty },
      { kind: 'event', event: nasty },
      { kind: 'state', state: { [nasty]: [nasty, { text: nasty }] } },
      { kind: 'command', connection: 7, identity: nasty, ranMs: 1, message: nasty, decision: nasty, reply: nasty },
    ]
    record(folder, entries)
    const bytes = readFileSync(firstFile(folder))
    expect(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true)
    expect(bytes.filter((byte) => byte === 0x0a)).toHaveLength(entries.length)
    expect(entriesOf(folder)).toEqual(entries)
  })

  it('is for its owner alone', () => {
    const folder = join(temporaryFolder(), 'deep', 'flight')
    record(folder, [START])
    expect(modeOf(folder)).toBe(0o700)
    expect(modeOf(firstFile(folder))).toBe(0o600)
  })

  it('begins another file where the next lines would not fit, and goes on in its numbers and its chain', () => {
    const folder = temporaryFolder()
    const maxBytes = 1000
    const entries = [START, ...Array.from({ length: 20 }, (_, number) => command(number))]
    record(folder, entries, { maxBytes })
    const files = readdirSync(folder).sort()
    expect(files.length).toBeGreaterThan(5)
    expect(files).toEqual(files.map((_, index) => `skyline-${String(index + 1).padStart(6, '0')}.jsonl`))
    for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(maxBytes)
    expect(entriesOf(folder)).toEqual(entries)
    expect(recordsOf(folder).map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
    expect(verify(folder)).toEqual({ records: entries.length, files: files.length, faults: [], faultCount: 0, lost: 0 })
  })

  it('takes nothing more when it is closed', () => {
    const folder = temporaryFolder()
    const journal = openJournal(folder)
    journal.append(START)
    journal.close()
    journal.append(command(1))
    journal.commit()
    journal.close()
    expect(entriesOf(folder)).toEqual([START])
  })
})

describe('a journal that is opened again', () => {
  it('goes on where it ended, also in the file', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1)])
    record(folder, [START, command(1)])
    expect(recordsOf(folder).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    expect(verify(folder)).toEqual({ records: 4, files: 1, faults: [], faultCount: 0, lost: 0 })
  })

  it('has the last state that was recorded, however long ago', () => {
    const folder = temporaryFolder()
    expect(openJournal(folder).lastState).toBeUndefined()
    const other = temporaryFolder()
    const states = [1, 2].map((x): JournalEntry => ({ kind: 'state', state: { x, kind: 'state' } }))
    const talk = Array.from({ length: 500 }, (_, number) => command(number, 'WRITE "kind":"state"'))
    record(other, [START, ...states, ...talk], { maxBytes: 100_000 })
    expect(readdirSync(other).length).toBeGreaterThan(1)
    expect(openJournal(other).lastState).toEqual({ x: 2, kind: 'state' })
  })

  it('does not take a state that was changed', () => {
    const folder = temporaryFolder()
    record(folder, [{ kind: 'state', state: { x: 1 } }, { kind: 'state', state: { x: 2 } }, command(1)])
    writeFileSync(firstFile(folder), textOf(firstFile(folder)).replace('{"x":2}', '{"x":3}'))
    expect(openJournal(folder).lastState).toEqual({ x: 1 })
  })

  it('cuts off a torn line, keeps it aside, and tells it', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1)])
    writeFileSync(firstFile(folder), '{"seq":3,"ti', { flag: 'a' })
    const repairs: string[] = []
    const journal = openJournal(folder, { onRepair: (what) => repairs.push(what) })
    expect(repairs).toEqual([
      'skyline-000001.jsonl ended with 12 bytes of a torn line, which are cut off: kept in skyline-000001.jsonl.torn',
    ])
    const aside = `${firstFile(folder)}.torn`
    expect(textOf(aside)).toBe('{"seq":3,"ti\n')
    expect(modeOf(aside)).toBe(0o600)
    journal.append(START)
    journal.close()
    expect(verify(folder)).toMatchObject({ records: 3, faults: [] })
  })

  it('leaves whole lines where they are, also at the end, though they are no records, and goes on behind them', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1)])
    const damage = '\0\n{}\n{"seq":3}\n'
    writeFileSync(firstFile(folder), `${damage}torn`, { flag: 'a' })
    const before = textOf(firstFile(folder)).slice(0, -'torn'.length)
    const repairs: string[] = []
    record(folder, [START, command(2)], { onRepair: (what) => repairs.push(what) })
    expect(textOf(firstFile(folder)).slice(0, before.length)).toBe(before)
    expect(textOf(`${firstFile(folder)}.torn`)).toBe('torn\n')
    expect(repairs).toEqual([
      expect.stringContaining('4 bytes of a torn line'),
      'it ended with damaged lines (3): they stay, and the record goes on behind them',
    ])
    const file = 'skyline-000001.jsonl'
    const faults = [3, 4, 5].map((line) => ({ file, line, what: 'is no record' }))
    expect(verify(folder)).toMatchObject({ records: 7, faults })
    record(folder, [command(3)], { onRepair: (what) => repairs.push(what) })
    expect(repairs).toHaveLength(2)
    expect(verify(folder).faults).toEqual(faults)
  })

  it('goes on behind a file in which nothing is a record', () => {
    const folder = temporaryFolder()
    writeFileSync(firstFile(folder), 'x\ny\n')
    record(folder, [START])
    expect(textOf(firstFile(folder))).toMatch(/^x\ny\n\{"seq":3,/)
    expect(verify(folder)).toMatchObject({ records: 3, faultCount: 2 })
  })

  it('reads each byte of a torn line once, however long it is', () => {
    const folder = temporaryFolder()
    record(folder, [START])
    const tornBytes = 3_000_000
    writeFileSync(firstFile(folder), Buffer.alloc(tornBytes, 'x'), { flag: 'a' })
    const concat = vi.spyOn(Buffer, 'concat')
    onTestFinished(() => concat.mockRestore())
    expect(verify(folder).torn).toMatchObject({ bytes: tornBytes })
    openJournal(folder).close()
    const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0)
    expect(entriesOf(folder)).toEqual([START])
    // Once to read it from the start, once from the end, and once to keep it with its newline.
    expect(copied / tornBytes).toBeCloseTo(3, 1)
  })

  it('goes on from the file before, where of the last nothing is left', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1)])
    writeFileSync(join(folder, 'skyline-000002.jsonl'), 'torn')
    record(folder, [command(2)])
    expect(verify(folder)).toMatchObject({ records: 3, files: 2, faults: [] })
  })

  it('keeps a line that was changed, for verify to tell', () => {
    const folder = temporaryFolder()
    record(folder, [START, command(1)])
    writeFileSync(firstFile(folder), textOf(firstFile(folder)).replace('PONG', 'PING'))
    record(folder, [command(2)])
    expect(verify(folder)).toMatchObject({ records: 3, faults: [{ line: 2 }] })
  })
})
