import { ROLES } from '../commands/command.ts'
import {
  type Credentials,
  createEntry,
  formatEntry,
  isName,
  NAME_WANTED,
  type TokenEntry,
} from '../server/identities.ts'
import { changeTokenFile, checkPermissions, readTokenFile } from '../server/token-file.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { describeUnwritten } from './output.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { readChoice } from './values.ts'

export const token: Program = {
  name: 'token',
  usage: 'add NAME --role ROLE | list | remove NAME',
  about: `Keeps the file of those who may say HELLO to a server (skyline serve --token-file FILE). add makes a token for NAME and
prints it, once: the file holds but its digest. A server that runs reads the file again at SIGHUP.
An observer may look and stop, a pilot may fly, an admin may take the control from a pilot.
Exit code: 0 if it was done, 2 for usage and for a file that is not as it should be, which is left as it was.`,
  options: [
    { name: 'role', value: 'ROLE', help: `one of ${ROLES.join(', ')}` },
    { name: 'file', value: 'FILE', help: 'the token file (default SKYLINE_TOKEN_FILE)' },
    { name: 'token-file', value: 'FILE', help: 'the same' },
  ],
  maxWords: 2,
  example: 'skyline token add alice --role pilot --file tokens',
  run,
}

const ACTIONS = ['add', 'list', 'remove'] as const

/** Makes a file with one line, or none, be one of names, not of the one token that all share. */
const HEADING = '# name:role:digest of the token, as skyline token add writes it\n'

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const [word, name] = parsed.words
  if (word === undefined) throw usageError(`skyline token takes one of ${ACTIONS.join(', ')}`)
  const action = readChoice('skyline token: what to do', word, ACTIONS)
  const role = parsed.options.get('role')
  if (action !== 'add' && role !== undefined) throw usageError(`--role is for skyline token add, not for ${action}`)
  if (action === 'list' && name !== undefined)
    throw usageError(`skyline token list takes no name, got ${JSON.stringify(name)}`)
  const file = readFile(parsed)
  if (action === 'list') list(file)
  else if (action === 'remove') remove(file, readName(name))
  else add(file, readName(name), role)
  return EXIT.ok
}

function add(file: string, name: string, role: string | true | undefined): void {
  if (role === undefined) throw usageError(`skyline token add takes --role, one of ${ROLES.join(', ')}`)
  const made = createEntry(name, readChoice('--role', String(role), ROLES))
  change(file, (text, credentials) => {
    if (entriesOf(file, credentials).some((entry) => entry.name === name))
      throw new Error(`${file} has a token for ${name} already: remove that first, skyline token remove ${name}`)
    const lines = text.trim() === '' ? HEADING : text.replace(/[^\n]$/, '$&\n')
    // Of one that nobody has seen nothing is to stay.
    process.stdout.write(`${made.token}\n`)
    const { errored } = process.stdout
    if (errored != null) throw new Error(`${describeUnwritten(errored)}: ${file} has no token for ${name}`)
    return `${lines}${formatEntry(made.entry)}\n`
  })
  process.stderr.write(`skyline: this is the token of ${name}, shown only now: ${file} holds but its digest\n`)
}

function remove(file: string, name: string): void {
  change(file, (text, credentials) => {
    const entries = entriesOf(file, credentials)
    if (!entries.some((entry) => entry.name === name))
      throw new Error(`${file} has no token for ${name}: skyline token list tells for whom it has some`)
    const rest = text.split(/(?<=\n)/).filter((line) => !line.startsWith(`${name}:`))
    // What is left is to be a file for nobody, not one that a server takes for none and goes on with what it had.
    return entries.length > 1 || rest.includes(HEADING) ? rest.join('') : HEADING + rest.join('')
  })
  process.stderr.write(`skyline: the token of ${name} is removed; a server that runs is to be sent SIGHUP\n`)
}

function list(file: string): void {
  const entries = told(file, () => entriesOf(file, readTokenFile(file)))
  const width = Math.max(...entries.map(({ name }) => name.length))
  for (const { name, role } of entries) process.stdout.write(`${name.padEnd(width)}  ${role}\n`)
}

function readFile({ options }: ParsedArguments, fromEnvironment = process.env['SKYLINE_TOKEN_FILE']): string {
  if (options.has('file') && options.has('token-file'))
    throw usageError('--file and --token-file are the same: give one')
  const file = String(options.get('file') ?? options.get('token-file') ?? fromEnvironment ?? '')
  if (file === '')
    throw usageError('which token file it is about is missing: name it with --file or SKYLINE_TOKEN_FILE')
  return file
}

function readName(name: string | undefined): string {
  if (name !== undefined && isName(name)) return name
  const got = name === undefined ? '' : `, got ${JSON.stringify(name)}`
  throw usageError(`the name that a token is for is to be ${NAME_WANTED}${got}`)
}

function entriesOf(file: string, credentials: Credentials): readonly TokenEntry[] {
  if (credentials.kind === 'named') return credentials.entries
  throw new Error(`${file} holds one token that all share, and stays so: choose another --file for tokens with names`)
}

function change(file: string, to: (text: string, credentials: Credentials) => string): void {
  const problem = told(file, () => {
    changeTokenFile(file, to)
    return checkPermissions(file)
  })
  if (problem !== undefined) process.stderr.write(`skyline: ${problem}\n`)
}

/** Does what may fail for a file, and tells so in one line. */
function told<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException
    throw usageError(syscall === undefined ? message : `${file} cannot be used as token file: ${message}`)
  }
}
