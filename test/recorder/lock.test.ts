import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verify } from '../../src/recorder/read-journal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { openJournal, record, START } from './support/journals.ts'

const link = (path: string, target: string) => symlinkSync(target, path)

describe('a folder', () => {
  it('that another journal writes to is refused, until that is closed', () => {
    const folder = temporaryFolder()
    const journal = openJournal(folder)
    expect(() => openJournal(folder)).toThrow(`process ${process.pid} records to it already`)
    journal.append(START)
    journal.close()
    record(folder, [START])
    expect(verify(folder)).toMatchObject({ records: 2, faults: [] })
  })

  const STALE = ['nonsense', '0', '-1', '999999999 1', `${process.pid} 1`]
  it.each([
    { held: '', leave: writeFileSync },
    ...STALE.flatMap((held) => [writeFileSync, link].map((leave) => ({ held, leave }))),
  ])('that "$held" has a claim to is free', ({ held, leave }) => {
    const folder = temporaryFolder()
    leave(join(folder, 'lock'), held)
    record(folder, [START])
    expect(readdirSync(folder)).toEqual(['skyline-000001.jsonl'])
  })

  it.skipIf(!existsSync('/proc/self/stat'))(
    'that a process has a claim to which has ended, unmourned, is free',
    async () => {
      const folder = temporaryFolder()
      // What takes the place of the shell does not ask after its child.
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
      const [pid] = await once(parent.stdout, 'data')
      const stat = () =>
        readFileSync(`/proc/${Number(pid)}/stat`, 'latin1')
          .split(') ')
          .at(-1)
          ?.split(' ') ?? []
      await until(() => stat()[0] === 'Z')
      link(join(folder, 'lock'), `${Number(pid)} ${stat()[19]}`)
      openJournal(folder).close()
      parent.kill()
    },
  )

  it('that a process has a claim to which is a file, as where there are no links, is refused', () => {
    const folder = temporaryFolder()
    const lock = join(folder, 'lock')
    const journal = openJournal(folder)
    const claim = readlinkSync(lock)
    journal.close()
    writeFileSync(lock, claim)
    expect(() => openJournal(folder)).toThrow(`process ${process.pid} records to it already`)
  })

  it.each([
    { what: 'a file', path: ['file'] },
    { what: 'below a file', path: ['file', 'folder'] },
    { what: 'one whose journal is a folder', path: [] },
  ])('that is $what is refused with a clear error, and left free', ({ path }) => {
    const parent = temporaryFolder()
    writeFileSync(join(parent, 'file'), '')
    mkdirSync(join(parent, 'skyline-000001.jsonl'))
    const folder = join(parent, ...path)
    expect(() => openJournal(folder)).toThrow(`The flight recorder cannot write to ${folder}: `)
    expect(readdirSync(parent)).not.toContain('lock')
  })

  it.skipIf(process.platform !== 'linux')('that cannot be made, though the one about it is there, is refused', () => {
    expect(() => openJournal('/proc/flight/deep')).toThrow(/^The flight recorder cannot write to .*ENOENT/)
  })

  it.skipIf(process.getuid?.() === 0)('that may not be written is refused with a clear error', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o500)
    expect(() => openJournal(folder)).toThrow(`The flight recorder cannot write to ${folder}: EACCES`)
  })
})
