import { once } from 'node:events'
import { hint } from '../commands/hint.ts'
import type { JournalEntry } from '../recorder/entry.ts'
import { journalFiles } from '../recorder/journal-files.ts'
import type { LostEntry } from '../recorder/line.ts'
import { type Fault, readJournal, verify } from '../recorder/read-journal.ts'
import type { JournalRecord } from '../recorder/record.ts'
import { type Replay, replay } from '../recorder/replay.ts'
import { safeJson, safeText } from '../recorder/safe-json.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'

/** A DIR, and what to do with it. */
type Action = (folder: string, isJson: boolean) => ExitCode | Promise<ExitCode>

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['verify', showVerdict],
  ['show', showRecords],
  ['replay', showReplay],
])

export const recorder: Program = {
  name: 'recorder',
  usage: 'verify|show|replay [options] DIR',
  about: `Reads what skyline serve --record DIR has written, also while it writes.
verify  whether all of it is there, in its order and as it was written
show    one line for each record
replay  flies a simulated drone through the commands since the last start, and compares where that ends
Exit code: 0 if all is well, 1 for a fault or a difference, 2 for usage.`,
  options: [{ name: 'json', help: 'show: the records as they stand in the files' }],
  maxWords: 2,
  example: 'skyline recorder verify /var/lib/skyline/flight',
  run,
}

async function run({ words: [name, folder], options }: ParsedArguments): Promise<ExitCode> {
  const names = [...ACTIONS.keys()]
  if (name === undefined) throw usageError(`what to do is missing: ${names.join(', ')}`)
  const action = ACTIONS.get(name)
  if (action === undefined)
    throw usageError(`there is no ${JSON.stringify(name)}: ${hint(name, names) ?? `try ${names.join(', ')}`}`)
  const isJson = options.has('json')
  if (isJson && name !== 'show') throw usageError('--json is for show')
  if (folder === undefined) throw usageError(`a folder is missing: skyline recorder ${name} DIR`)
  try {
    if (journalFiles(folder).length === 0) throw new Error('there is no skyline-000001.jsonl in it')
  } catch (error) {
    throw usageError(`${folder} cannot be read: ${(error as Error).message}`)
  }
  try {
    return await action(folder, isJson)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === 'UNREADABLE' ? usageError(message) : error
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function showVerdict(folder: string): ExitCode {
  const { records, files, lost, faults, faultCount, torn } = verify(folder)
  for (const { file, line, what } of faults) print(`${file}:${line}: ${what}`)
  if (faultCount > faults.length) print(`and ${faultCount - faults.length} faults more`)
  if (torn !== undefined) print(`${torn.file}:${torn.line}: ${torn.bytes} bytes of a line that is not finished`)
  if (lost > 0) print(`${count(lost, 'record')} lost, for which there was no room`)
  const found = `${count(records, 'record')} in ${count(files, 'file')}`
  print(faultCount === 0 ? `${found}, chain whole` : `${found}, ${count(faultCount, 'fault')}`)
  return faultCount === 0 && lost === 0 ? EXIT.ok : EXIT.failed
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

async function showRecords(folder: string, isJson: boolean): Promise<ExitCode> {
  let faults = 0
  for (const { file, line, bytes, isWhole, record } of readJournal(folder)) {
    // It may be more than there is memory for.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
    if (isJson && isWhole) process.stdout.write(Buffer.concat([bytes, Buffer.from('\n')]))
    else if (record !== undefined) print(lineOf(record))
    if (record !== undefined || !isWhole) continue
    faults++
    complain({ file, line, what: 'is no record' })
  }
  return faults === 0 ? EXIT.ok : EXIT.failed
}

const warn = (text: string): void => void process.stderr.write(`skyline: ${text}\n`)
const complain = ({ file, line, what }: Fault): void => warn(`${file}:${line} ${what}`)

/** `<time> <number> <connection> <identity> MOVE -> OK MOVING_TO(1, 2)` */
const lineOf = ({ time, seq, entry }: JournalRecord): string => `${time} ${seq} ${describe(entry)}`

function describe(entry: JournalEntry | LostEntry): string {
  switch (entry.kind) {
    case 'command': {
      const { connection, identity, message, decision, reply } = entry
      const who = identity === undefined ? '-' : safeText(identity)
      return `#${connection} ${who} ${firstLine(message)} -> ${firstLine(reply)} (${safeText(decision)})`
    }
    case 'event':
      return firstLine(entry.event)
    case 'state':
      return `state ${safeJson(entry.state)}`
    case 'start':
    case 'stop':
      return `${entry.kind} ${safeText(entry.server)}`
    case 'lost':
      return `lost ${entry.count}`
    default:
      return entry satisfies never
  }
}

const firstLine = (text: string): string => safeText(text.split(/\r?\n/, 1)[0] as string)

function showReplay(folder: string): ExitCode {
  const result = tryToReplay(folder)
  if (result === undefined) return EXIT.failed
  const { faultCount, lost } = verify(folder)
  if (faultCount > 0)
    warn(`the journal is not as it was written, ${count(faultCount, 'fault')}: try skyline recorder verify`)
  if (lost > 0) warn(`${count(lost, 'record')} lost: what the drone did meanwhile is not known`)
  const { commands, refused, since, end, compared } = result
  print(`${count(commands, 'command')} replayed${since === undefined ? '' : ` since ${since}`}`)
  for (const { seq, command, code } of refused) print(`record ${seq}: ${command} is refused now: ${code}`)
  for (const [key, value] of Object.entries(end)) if (value !== undefined) print(`${key}: ${shown(value)}`)
  const exit = faultCount === 0 && lost === 0 ? EXIT.ok : EXIT.failed
  if (compared === undefined) {
    print('no state was recorded to compare with')
    return exit
  }
  const { seq, state, recorded, differences } = compared
  for (const key of differences) print(`record ${seq}: ${key} was ${told(recorded, key)}, and is ${told(state, key)}`)
  print(`${differences.length === 0 ? 'same as' : 'different from'} the state of record ${seq}`)
  return differences.length === 0 ? exit : EXIT.failed
}

const shown = (value: string | number): string => (typeof value === 'number' ? String(value) : safeText(value))

function tryToReplay(folder: string): Replay | undefined {
  try {
    return replay(folder)
  } catch (error) {
    if ((error as { code?: string }).code !== 'BAD_JOURNAL') throw error
    warn(`${(error as Error).message}: try skyline recorder verify`)
    return undefined
  }
}

/** Where it looks stands in a state as a direction over the ground. */
const told = (state: Readonly<Record<string, unknown>>, key: string): string =>
  safeJson(key === 'heading' ? [state['east'], state['north']] : (state[key] ?? null))
