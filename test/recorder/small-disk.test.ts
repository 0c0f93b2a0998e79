import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { verify } from '../../src/recorder/read-journal.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { command, entriesOf, openJournal, record } from './support/journals.ts'

const DISK_BYTES = 64 * 1024
const PAGE_BYTES = 4096
const RETRY_MS = 1000

it('on a true disk that is full the chain stays whole, and goes on when there is room', ({ skip }) => {
  const folder = temporaryFolder()
  const { status, stderr } = mount(folder)
  skip(status !== 0, `a small disk cannot be mounted here: ${stderr}`)
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(DISK_BYTES / 2))
  const clock = new FakeClock()
  const failures: string[] = []
  const journal = openJournal(folder, { clock, syncMs: 0, onFailure: ({ message }) => failures.push(message) })
  const appended = []
  while (journal.available) {
    appended.push(command(appended.length))
    journal.append(command(appended.length - 1))
    journal.commit()
  }
  expect(failures).toEqual([expect.stringContaining('ENOSPC')])
  expect(statfsSync(folder).bavail).toBe(0)
  expect(verify(folder)).toEqual({ records: appended.length - 1, files: 1, faults: [], faultCount: 0, lost: 0 })
  rmSync(ballast)
  clock.advance(RETRY_MS)
  journal.commit()
  expect(journal.available).toBe(true)
  expect(entriesOf(folder)).toEqual(appended)
  journal.close()
})

it('on a true disk without any room a record is gone on with, as soon as there is some', ({ skip }) => {
  const folder = temporaryFolder()
  const { status, stderr } = mount(folder)
  skip(status !== 0, `a small disk cannot be mounted here: ${stderr}`)
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  record(folder, [command(0)])
  const ballast = join(folder, 'ballast')
  expect(() => writeFileSync(ballast, Buffer.alloc(DISK_BYTES))).toThrow('ENOSPC')
  const clock = new FakeClock()
  const failures: string[] = []
  const journal = openJournal(folder, { clock, onFailure: ({ message }) => failures.push(message) })
  // More than there is left of the file's own page.
  const line = command(1, 'PING', 'x'.repeat(PAGE_BYTES))
  journal.append(line)
  journal.commit()
  expect([journal.available, failures]).toEqual([false, [expect.stringContaining('ENOSPC')]])
  rmSync(ballast)
  clock.advance(RETRY_MS)
  journal.commit()
  expect(journal.available).toBe(true)
  expect(entriesOf(folder)).toEqual([command(0), line])
})

const mount = (folder: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { encoding: 'utf8' })
