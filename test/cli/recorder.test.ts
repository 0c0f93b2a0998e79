import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recorder } from '../../src/cli/recorder.ts'
import type { JournalEntry } from '../../src/recorder/entry.ts'
import { linkLine, writeLine } from '../../src/recorder/line.ts'
import { Stamp } from '../../src/recorder/stamp.ts'
import { Output } from '../../src/wire/output.ts'
import { command, firstFile, openJournal, record, START, textOf, WALL_TIME } from '../recorder/support/journals.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { runSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function run(...args: readonly string[]) {
  const running = runInProcess(recorder, args)
  const code = await running.exit
  return { code, stdout: running.stdout, stderr: running.stderr }
}

const MOVE: JournalEntry = {
  kind: 'command',
  connection: 7,
  identity: 'anna',
  ranMs: 0,
  message: 'MOVE 300 400\nNote: up\n\n',
  decision: 'ran',
  reply: 'OK MOVING_TO(300, 400)\r\nX: 300\r\n\r\n',
}
const state = (x: number): JournalEntry => ({
  kind: 'state',
  state: { x, y: 0, z: 0, airborne: true, aimedM: 0, charge: 1, color: { red: 0, green: 0, blue: 0 } },
})

function journal(entries: readonly JournalEntry[], maxBytes?: number): string {
  const folder = temporaryFolder()
  record(folder, entries, maxBytes === undefined ? {} : { maxBytes })
  return folder
}

describe('skyline recorder verify', () => {
  it('counts what is whole', async () => {
    expect(await run('verify', journal([START, MOVE, command(1)], 1))).toEqual({
      code: 0,
      stdout: '3 records in 3 files, chain whole\n',
      stderr: '',
    })
    expect((await run('verify', journal([START]))).stdout).toBe('1 record in 1 file, chain whole\n')
  })

  it('tells each fault with its file and line', async () => {
    const folder = journal([START, MOVE, command(1)])
    writeFileSync(firstFile(folder), textOf(firstFile(folder)).replace('300 400', '300 500'))
    expect(await run('verify', folder)).toEqual({
      code: 1,
      stdout: `skyline-000001.jsonl:2: was changed: its hash is another\n3 records in 1 file, 1 fault\n`,
      stderr: '',
    })
  })

  it('tells how many faults there are beside those that it lists', async () => {
    const folder = temporaryFolder()
    writeFileSync(firstFile(folder), 'x\n'.repeat(1002))
    const { stdout } = await run('verify', folder)
    expect(stdout.split('\n').slice(-3)).toEqual(['and 2 faults more', '1002 records in 1 file, 1002 faults', ''])
  })

  it('holds for one that is being written', async () => {
    const folder = journal([START])
    writeFileSync(firstFile(folder), '{"seq":2', { flag: 'a' })
    expect(await run('verify', folder)).toMatchObject({
      code: 0,
      stdout: 'skyline-000001.jsonl:2: 8 bytes of a line that is not finished\n1 record in 1 file, chain whole\n',
    })
  })
})

describe('skyline recorder show', () => {
  it('shows a line for each record', async () => {
    const entries: JournalEntry[] = [
      START,
      MOVE,
      { ...command(1), message: 'PING\x1b[2J\r\n\r\n' } as JournalEntry,
      { kind: 'event', event: 'EVENT LINK\r\nState: lost\r\n\r\n' },
      { kind: 'state', state: { x: 1, text: '\u202e' } },
      { kind: 'stop', server: 'skyline' },
    ]
    const { code, stdout } = await run('show', journal(entries))
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toEqual(
      [
        '1 start skyline/0.1.0',
        '2 #7 anna MOVE 300 400 -> OK MOVING_TO(300, 400) (ran)',
        String.raw`3 #1 - PING\u001b[2J -> OK PONG (ran)`,
        '4 EVENT LINK',
        String.raw`5 state {"x":1,"text":"\u202e"}`,
        '6 stop skyline',
      ].map((line) => `${WALL_TIME} ${line}`),
    )
  })

  it('shows the lines as they stand in the files with --json', async () => {
    const folder = journal([START, MOVE])
    expect(await run('show', '--json', folder)).toEqual({ code: 0, stdout: textOf(firstFile(folder)), stderr: '' })
  })

  it('shows the rest, where a line is no record', async () => {
    const folder = journal([START])
    writeFileSync(firstFile(folder), 'x\n', { flag: 'a' })
    expect(await run('show', folder)).toEqual({
      code: 1,
      stdout: `${WALL_TIME} 1 start skyline/0.1.0\n`,
      stderr: 'skyline: skyline-000001.jsonl:2 is no record\n',
    })
  })
})

it('skyline recorder show loses nothing to a pipe that is read slowly', async () => {
  const count = 20_000
  const folder = temporaryFolder()
  const journal = openJournal(folder)
  for (let number = 1; number <= count; number++) journal.append(command(number))
  journal.close()
  const { code, stdout } = await runSkyline(['recorder', 'show', folder]).exit
  expect([code, stdout.split('\n').length - 1]).toEqual([0, count])
})

describe('records that are lost', () => {
  const lostOne = () => {
    const folder = journal([START, { kind: 'event', event: '' }, state(2)])
    const file = firstFile(folder)
    const lines = readFileSync(file, 'latin1').split('\n')
    const bytes = new Output()
    const { hash } = JSON.parse(lines[0] as string)
    const stamp = new Stamp()
    stamp.set(0, WALL_TIME)
    const next = writeLine(bytes, 2, stamp, { kind: 'lost', count: 7 }, hash)
    linkLine(bytes, 3, Buffer.from(`${lines[2]}\n`), next)
    writeFileSync(file, Buffer.concat([Buffer.from(`${lines[0]}\n`), bytes.take()]))
    return folder
  }

  it('are told by verify, which is not content with that', async () => {
    const stdout = '7 records lost, for which there was no room\n3 records in 1 file, chain whole\n'
    expect(await run('verify', lostOne())).toMatchObject({ code: 1, stdout })
  })

  it('are told by replay, which goes on from the state behind them', async () => {
    const { code, stdout, stderr } = await run('replay', lostOne())
    expect(code).toBe(1)
    expect(stdout).toMatch(/\nx: 200\n.*\nsame as the state of record 3\n$/s)
    expect(stderr).toBe('skyline: 7 records lost: what the drone did meanwhile is not known\n')
  })
})

describe('skyline recorder replay', () => {
  it('ends in the state that was recorded', async () => {
    const { code, stdout } = await run('replay', journal([START, state(2), { ...MOVE, decision: 'refused' }, state(2)]))
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        `0 commands replayed since ${WALL_TIME}`,
        ...[
          'drone: sim',
          'state: hovering',
          'x: 200',
          'y: 0',
          'z: 0',
          'heading: 0',
          'battery: 100',
          'r: 0',
          'g: 0',
          'b: 0',
        ],
        'same as the state of record 4',
        '',
      ].join('\n'),
    })
  })

  it('tells what is not the same', async () => {
    const { code, stdout } = await run('replay', journal([START, state(2), MOVE, state(1)]))
    expect(code).toBe(1)
    expect(stdout).toContain('1 command replayed since ')
    expect(stdout).toContain('\nrecord 4: x was 1, and is 2\n')
    expect(stdout).toMatch(/\ndifferent from the state of record 4\n$/)
  })

  it('tells that there is nothing to compare with, and what is refused now', async () => {
    const emergency = { ...MOVE, message: 'EMERGENCY sim\n\n', reply: 'OK MOTORS_OFF\r\n\r\n' }
    const { code, stdout } = await run('replay', journal([START, emergency, MOVE]))
    expect(code).toBe(0)
    expect(stdout).toContain('\nrecord 3: MOVE is refused now: NOT_FLYING\n')
    expect(stdout).toMatch(/\nno state was recorded to compare with\n$/)
  })

  it('flies what was changed since, and fails', async () => {
    const folder = journal([START, state(2)])
    const file = firstFile(folder)
    writeFileSync(file, readFileSync(file, 'latin1').replace('"start"', '"start" '))
    const { code, stdout, stderr } = await run('replay', folder)
    expect(code).toBe(1)
    expect(stdout).toMatch(/\nsame as the state of record 2\n$/)
    expect(stderr).toBe('skyline: the journal is not as it was written, 1 fault: try skyline recorder verify\n')
  })

  it('fails at what is no record', async () => {
    const folder = journal([START])
    writeFileSync(firstFile(folder), 'x\n', { flag: 'a' })
    expect(await run('replay', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'skyline: skyline-000001.jsonl:2 is no record: try skyline recorder verify\n',
    })
  })
})

it.each(['verify', 'show', 'replay'])('skyline recorder %s says which file it cannot read', async (name) => {
  const folder = journal([START])
  const file = join(folder, 'skyline-000002.jsonl')
  mkdirSync(file)
  const message = expect.stringContaining(`${file} cannot be read: EISDIR`)
  await expect(run(name, folder)).rejects.toMatchObject({ code: 'USAGE', message })
})

describe('a command line', () => {
  it.each([
    { fault: 'nothing', args: () => [], named: 'what to do is missing: verify, show, replay' },
    {
      fault: 'an action that there is not',
      args: () => ['verfy', '.'],
      named: 'there is no "verfy": did you mean verify',
    },
    { fault: 'no folder', args: () => ['show'], named: 'a folder is missing: skyline recorder show DIR' },
    { fault: 'two folders', args: () => ['show', 'a', 'b'], named: "Unexpected argument 'b'" },
    { fault: 'a folder that is not there', args: () => ['verify', '/none/such'], named: '/none/such cannot be read' },
    { fault: 'a file', args: () => ['verify', firstFile(journal([START]))], named: 'cannot be read' },
    { fault: 'an empty folder', args: () => ['replay', temporaryFolder()], named: 'there is no skyline-000001.jsonl' },
    { fault: '--json with verify', args: () => ['verify', '--json', '.'], named: '--json is for show' },
    {
      fault: 'a folder that has but another of that name',
      args: () => {
        const folder = temporaryFolder()
        mkdirSync(join(folder, 'skyline-1.jsonl'))
        return ['show', folder]
      },
      named: 'there is no skyline-000001.jsonl',
    },
  ])('with $fault is a usage error', async ({ args, named }) => {
    const refusal = { code: 'USAGE', message: expect.stringContaining(named) }
    await expect(run(...args())).rejects.toMatchObject(refusal)
  })
})
