import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { verify } from '../../src/recorder/read-journal.ts'
import { replay } from '../../src/recorder/replay.ts'
import { Mask } from '../../src/server/mask.ts'
import { Recorder } from '../../src/server/recorder.ts'
import { spanOf } from '../../src/wire/span.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { command, entriesOf, firstFile, openJournal, recordsOf, START, textOf } from './support/journals.ts'
import type { WeakDisk } from './support/weak-disk.ts'

const RUNS = 60
const RETRY_MS = 1000
const MAX_BACKLOG_BYTES = 1024 * 1024

const { disk } = await vi.hoisted(async () => {
  const { WeakDisk } = await import('./support/weak-disk.ts')
  return { disk: new WeakDisk() as WeakDisk }
})
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return { ...real, ...disk.weaken(real) }
})

beforeEach(() => disk.mend())

function openOnClock(syncMs = 0, maxBytes?: number, hasReserve = false) {
  const folder = temporaryFolder()
  const clock = new FakeClock()
  const failures: string[] = []
  const onFailure = ({ message }: Error) => failures.push(message)
  const onRecovery = () => failures.push('recovered')
  const { roomBytes } = disk
  if (!hasReserve) disk.roomBytes = 0
  const options = { clock, syncMs, onFailure, onRecovery, ...(maxBytes === undefined ? {} : { maxBytes }) }
  const journal = openJournal(folder, options)
  if (!hasReserve) disk.roomBytes = roomBytes
  return { folder, clock, failures, journal }
}

describe('on a full disk', () => {
  it('a line that was written in part is taken back, and written whole when there is room', () => {
    const { folder, clock, failures, journal } = openOnClock()
    journal.append(START)
    journal.commit()
    const good = textOf(firstFile(folder))
    disk.roomBytes = 100
    journal.append(command(1))
    journal.commit()
    expect(journal.available).toBe(false)
    expect(failures).toEqual(['ENOSPC: no space left on device'])
    expect(textOf(firstFile(folder))).toBe(good)
    disk.roomBytes = Number.POSITIVE_INFINITY
    clock.advance(RETRY_MS)
    journal.append(command(2))
    journal.commit()
    expect(journal.available).toBe(true)
    expect(entriesOf(folder)).toEqual([START, command(1), command(2)])
    expect(verify(folder)).toMatchObject({ records: 3, faults: [] })
  })

  it('is tried again once a second, and told once', () => {
    const { clock, failures, journal } = openOnClock()
    disk.roomBytes = 0
    const writesOf = (act: () => void) => {
      disk.calls.length = 0
      act()
      return disk.calls.filter((name) => name === 'writeSync').length
    }
    const commit = () => {
      journal.append(command(1))
      journal.commit()
    }
    expect(writesOf(commit)).toBe(1)
    clock.advance(RETRY_MS - 1)
    expect(writesOf(commit)).toBe(0)
    clock.advance(1)
    expect(writesOf(commit)).toBe(1)
    expect(writesOf(commit)).toBe(0)
    clock.advance(RETRY_MS)
    expect(writesOf(() => journal.commit())).toBe(1)
    expect(failures).toHaveLength(1)
    disk.roomBytes = Number.POSITIVE_INFINITY
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(true)
    disk.roomBytes = 0
    commit()
    expect(failures).toHaveLength(3)
  })

  it('is asked again before anything is refused for it', () => {
    const { clock, journal } = openOnClock()
    const recorder = new Recorder({
      journal,
      drone: undefined,
      fence: undefined,
      clock,
      mask: new Mask({ kind: 'none' }),
    })
    disk.roomBytes = 0
    recorder.start('skyline')
    expect(recorder.canWrite()).toBe(false)
    disk.mend()
    clock.advance(RETRY_MS - 1)
    expect(recorder.canWrite()).toBe(false)
    clock.advance(1)
    expect(recorder.canWrite()).toBe(true)
  })

  it('what cannot be taken back is taken away before the next line', () => {
    const { folder, clock, journal } = openOnClock()
    disk.roomBytes = 100
    disk.broken.add('ftruncateSync')
    journal.append(START)
    journal.commit()
    expect(textOf(firstFile(folder))).toHaveLength(100)
    expect(verify(folder)).toMatchObject({ faults: [], torn: { bytes: 100 } })
    disk.roomBytes = Number.POSITIVE_INFINITY
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(false)
    disk.broken.clear()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(true)
    expect(entriesOf(folder)).toEqual([START])
  })

  it('a line that did not come to the disk is not there', () => {
    const { folder, clock, journal } = openOnClock()
    disk.broken.add('fdatasyncSync')
    journal.append(START)
    journal.commit()
    expect(journal.available).toBe(false)
    expect(textOf(firstFile(folder))).toBe('')
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(entriesOf(folder)).toEqual([START])
  })

  it('that another file cannot be begun leaves the lines in memory', () => {
    const { folder, clock, journal } = openOnClock(0, 500)
    disk.broken.add('openSync')
    for (const number of [1, 2, 3]) {
      journal.append(command(number))
      journal.commit()
    }
    expect(journal.available).toBe(false)
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(entriesOf(folder)).toEqual([1, 2, 3].map((number) => command(number)))
    expect(readdirSync(folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2)
    expect(verify(folder).faults).toEqual([])
  })

  it('keeps the last of the lines within a bound, and tells how many of the first are lost', () => {
    const { folder, clock, journal } = openOnClock()
    disk.roomBytes = 0
    journal.append(START)
    journal.commit()
    const count = 20_000
    for (let number = 1; number <= count; number++) {
      clock.advance(0.01)
      journal.append(command(number))
    }
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    const [lost, ...kept] = recordsOf(folder)
    expect(lost?.entry).toEqual({ kind: 'lost', count: count + 1 - kept.length })
    expect(kept.map(({ entry }) => entry)).toEqual(
      Array.from({ length: kept.length }, (_, index) => command(count - kept.length + 1 + index)),
    )
    const { size } = statSync(firstFile(folder))
    expect(size / MAX_BACKLOG_BYTES).toBeCloseTo(1, 1)
    expect(verify(folder)).toMatchObject({ records: kept.length + 1, faults: [] })
  })

  it('tells the state of the drone once more where lines of it were lost, so that a replay goes on from there', async () => {
    const { folder, clock, journal } = openOnClock()
    const drone = new SimulatedDrone(clock)
    const mask = new Mask({ kind: 'none' })
    const recorder = new Recorder({ journal, drone, fence: undefined, clock, mask })
    recorder.start('skyline')
    disk.roomBytes = 0
    drone.paint({ red: 1, green: 2, blue: 3 })
    const event = spanOf(Buffer.alloc(MAX_BACKLOG_BYTES / 16, 'x'))
    for (let count = 0; count < 32; count++) {
      recorder.event(event)
      recorder.commit()
    }
    disk.mend()
    clock.advance(RETRY_MS)
    recorder.event(event)
    recorder.commit()
    const states = () => entriesOf(folder).filter(({ kind }) => kind === 'state').length
    await until(() => states() === 2)
    const { faults, lost } = verify(folder)
    expect(lost).toBeGreaterThan(0)
    expect(entriesOf(folder)).toContainEqual({ kind: 'lost', count: lost })
    expect(faults).toEqual([])
    expect(replay(folder)).toMatchObject({ compared: { differences: [] }, end: { r: 1, g: 2, b: 3 } })
  })

  it('an entry that is larger than all the room is lost, and counted', () => {
    const { folder, clock, journal } = openOnClock()
    disk.roomBytes = 0
    journal.append({ kind: 'event', event: 'x'.repeat(MAX_BACKLOG_BYTES) })
    journal.commit()
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(entriesOf(folder)).toEqual([{ kind: 'lost', count: 1 }])
  })

  it('has a whole chain after every commit, whenever there is room and however much', () => {
    const step = fc.record({
      roomBytes: fc.option(fc.nat({ max: 2000 }), { nil: Number.POSITIVE_INFINITY }),
      entries: fc.nat({ max: 4 }),
      waitMs: fc.constantFrom(0, RETRY_MS / 2, RETRY_MS),
    })
    const property = fc.property(fc.array(step, { maxLength: 12 }), fc.constantFrom(0, 100), (steps, syncMs) => {
      disk.mend()
      const { folder, clock, journal } = openOnClock(syncMs, 3000)
      const appended = []
      for (const { roomBytes, entries, waitMs } of steps) {
        disk.roomBytes = roomBytes
        clock.advance(waitMs)
        for (let count = 0; count < entries; count++) {
          appended.push(command(appended.length))
          journal.append(command(appended.length - 1))
        }
        journal.commit()
        const { records, faults, torn } = verify(folder)
        expect({ faults, torn }).toEqual({ faults: [], torn: undefined })
        if (journal.available) expect(records).toBe(appended.length)
      }
      disk.mend()
      journal.close()
      expect(entriesOf(folder)).toEqual(appended)
    })
    fc.assert(property, { numRuns: RUNS })
  })
})

describe('the reserve', () => {
  it('has room for what was done when the disk is full, and lets nothing more begin until there is as much again', () => {
    const { folder, clock, journal, failures } = openOnClock(0, undefined, true)
    disk.roomBytes = 100
    const before = Array.from({ length: 1000 }, (_, number) => command(number))
    for (const entry of before) journal.append(entry)
    journal.commit()
    // What a server that is killed now would leave.
    expect(entriesOf(folder)).toEqual(before)
    expect([journal.available, failures]).toEqual([false, ['ENOSPC: no space left on device']])
    journal.append(command(1000))
    clock.advance(RETRY_MS)
    journal.commit()
    expect(entriesOf(folder)).toHaveLength(1001)
    expect(journal.available).toBe(false)
    disk.roomBytes = Number.POSITIVE_INFINITY
    clock.advance(RETRY_MS)
    journal.commit()
    expect([journal.available, failures.at(-1)]).toEqual([true, 'recovered'])
    expect(readdirSync(folder)).toContain('reserve')
    expect(verify(folder)).toMatchObject({ records: 1001, faults: [] })
  })

  it('that there is no room for keeps no line from being written as soon as it is told', () => {
    const { folder, clock, journal } = openOnClock(0, undefined, true)
    disk.roomBytes = 0
    journal.append(START)
    journal.commit()
    expect(journal.available).toBe(false)
    for (let number = 1; number <= 5; number++) {
      if (number === 3) clock.advance(RETRY_MS)
      journal.append(command(number))
      journal.commit()
      expect(entriesOf(folder)).toHaveLength(number + 1)
    }
    expect(journal.available).toBe(false)
  })

  it('has room for what is told while there is no other, and in the end for how many lines are lost', () => {
    const { folder, journal } = openOnClock(0, undefined, true)
    disk.roomBytes = 0
    const reserveBytes = 512 * 1024
    const line = 'x'.repeat(1000)
    for (let number = 0; number < 900; number++) {
      journal.append(command(number, line))
      journal.commit()
    }
    journal.close()
    const { records, lost, faults } = verify(folder)
    expect({ all: records - 1 + lost, faults }).toEqual({ all: 900, faults: [] })
    expect(lost).toBeGreaterThan(0)
    expect(statSync(firstFile(folder)).size).toBeLessThanOrEqual(reserveBytes)
  })

  it('is taken as soon as there is room, where at the start there was none', () => {
    const { folder, clock, journal } = openOnClock()
    disk.roomBytes = 0
    journal.append(START)
    journal.commit()
    expect(readdirSync(folder)).not.toContain('reserve')
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(true)
    expect(readdirSync(folder)).toContain('reserve')
  })

  it('is given back with the journal', () => {
    const { folder, journal } = openOnClock(0, undefined, true)
    expect(readdirSync(folder)).toContain('reserve')
    journal.close()
    expect(readdirSync(folder)).toEqual(['skyline-000001.jsonl'])
  })
})

it('on a disk without links a folder is claimed by a file', () => {
  disk.broken.add('symlinkSync')
  const { folder, journal } = openOnClock()
  expect(lstatSync(join(folder, 'lock')).isFile()).toBe(true)
  expect(() => openJournal(folder)).toThrow(`process ${process.pid} records to it already`)
  journal.close()
  expect(readdirSync(folder)).toEqual(['skyline-000001.jsonl'])
})

describe('bringing it to the disk', () => {
  it('is part of every commit with 0, after the one write of all its lines', () => {
    const { journal } = openOnClock(0)
    disk.calls.length = 0
    for (let number = 0; number < 100; number++) journal.append(command(number))
    journal.commit()
    expect(disk.calls).toEqual(['writeSync', 'fdatasyncSync'])
    journal.commit()
    expect(disk.calls).toHaveLength(2)
  })

  it('is done beside it otherwise, and when the journal is closed', () => {
    const { clock, journal } = openOnClock(100)
    disk.calls.length = 0
    journal.append(START)
    journal.commit()
    expect(disk.calls).toEqual(['writeSync'])
    clock.advance(0)
    expect(disk.calls).toEqual(['writeSync', 'fdatasync'])
    journal.close()
    expect(disk.calls.at(-1)).toBe('fdatasyncSync')
  })

  it('makes the recorder unavailable where it fails, until it has worked again', async () => {
    const { clock, failures, journal } = openOnClock(100)
    disk.broken.add('fdatasync').add('fdatasyncSync')
    journal.append(START)
    journal.commit()
    expect(journal.available).toBe(true)
    clock.advance(0)
    await until(() => !journal.available)
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(false)
    disk.mend()
    clock.advance(RETRY_MS)
    journal.commit()
    expect(journal.available).toBe(true)
    expect(failures).toEqual(['ENOSPC: no space left on device', 'recovered'])
  })

  it('is told where it fails in the end', () => {
    const { failures, journal } = openOnClock(100)
    journal.append(START)
    disk.broken.add('fdatasyncSync')
    journal.close()
    expect(failures).toEqual(['ENOSPC: no space left on device'])
  })

  it('holds for a file that is full, too', async () => {
    const { journal } = openOnClock(100, 500)
    journal.append(command(1))
    journal.commit()
    journal.append(command(2))
    disk.calls.length = 0
    journal.commit()
    expect(disk.calls).toEqual(['openSync', 'fdatasync', 'writeSync'])
    journal.close()
    // One for each file: the first may still be on its way.
    expect(disk.calls.filter((name) => name === 'fdatasyncSync')).toHaveLength(2)
  })
})
