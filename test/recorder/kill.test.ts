import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { verify } from '../../src/recorder/read-journal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { openJournal, recordsOf } from './support/journals.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const TYPES = join(ROOT, 'node_modules/@types')
const ROUNDS = 5
const BATCH = 10
/** By then the child is killed, somewhere in the middle of what it does. */
const COMMITS = 20

/** Appends and commits until it is killed, and tells the number of the last line after each commit. */
const source = (folder: string) => `
  import { writeSync } from 'node:fs'
  import { Journal } from './recorder/journal.js'
  import { systemClock } from './time/clock.js'
  const options = { folder: ${JSON.stringify(folder)}, syncMs: 0, maxBytes: 20_000 }
  const journal = Journal.open({ ...options, clock: systemClock, wallClock: () => new Date() })
  journal.append({ kind: 'start', server: 'child' })
  for (let count = 1; ; count++) {
    const message = 'WRITE ' + count + '\\r\\n\\r\\n'
    for (let line = 0; line < ${BATCH}; line++)
      journal.append({ kind: 'command', connection: line, ranMs: count, message, decision: 'ran', reply: 'OK' })
    journal.commit()
    writeSync(1, count + '\\n')
  }
`

/** The journal as JavaScript, made for this test: what an earlier build has left may be older. */
function compile(folder: string): string {
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { rootDir: join(ROOT, 'src'), outDir: folder, declaration: false, typeRoots: [TYPES] },
    files: [join(ROOT, 'src/recorder/journal.ts'), join(ROOT, 'src/time/clock.ts')],
    include: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  return folder
}

/** Runs the child until it has committed so often, kills it, and returns the count of its last commit. */
async function killed(program: string, folder: string): Promise<number> {
  const file = join(program, 'child.js')
  writeFileSync(file, source(folder))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = ''
  let error = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text
  })
  const gone = new Promise((resolve) => child.once('close', resolve))
  const commits = () => told.split('\n').length - 1
  await until(() => commits() >= COMMITS || child.exitCode !== null)
  child.kill('SIGKILL')
  await gone
  expect(error).toBe('')
  return Number(told.split('\n').at(-2))
}

it('a process that is killed while it records has lost no line whose commit had returned', async () => {
  const parent = temporaryFolder()
  const program = compile(parent)
  const folder = join(parent, 'flight')
  mkdirSync(folder)
  let records = 0
  for (let round = 0; round < ROUNDS; round++) {
    const commits = await killed(program, folder)
    const { faults } = verify(folder)
    expect(faults).toEqual([])
    // As whoever comes next does: what was torn is mended.
    openJournal(folder).close()
    const own = recordsOf(folder)
      .slice(records)
      .filter(({ entry }) => entry.kind === 'command')
    expect(commits).toBeGreaterThanOrEqual(COMMITS)
    expect(own.length).toBeGreaterThanOrEqual(commits * BATCH)
    records += own.length + 1
  }
  expect(verify(folder)).toMatchObject({ records, faults: [] })
})
