import { readFileSync } from 'node:fs'
import { type Address, formatAddress } from '../server/address.ts'
import { DEFAULTS, Server } from '../server/server.ts'
import { problemOfToken } from '../server/token.ts'
import { createLogger, LOG_FORMATS, LOG_LEVELS } from './log.ts'
import { describeOptions, type Option, parseOptions, usageError } from './options.ts'
import { readAddress, readChoice, readCount, readDuration } from './values.ts'
import { VERSION } from './version.ts'

const DEFAULT_ADDRESS = '127.0.0.1:8080'

export const OPTIONS: readonly Option[] = [
  { name: 'listen', value: 'HOST:PORT', help: `where to listen (default ${DEFAULT_ADDRESS}; port 0: any free one)` },
  { name: 'token-file', value: 'FILE', help: 'a file with the token that HELLO must bring (or SKYLINE_TOKEN)' },
  { name: 'strict-crlf', help: 'refuse lines that end with a bare LF' },
  {
    name: 'max-connections',
    value: 'N',
    help: `connections beyond it are told BUSY (default ${DEFAULTS.maxConnections})`,
  },
  { name: 'handshake-timeout', value: 'TIME', help: 'from connecting to HELLO (default 60s)' },
  { name: 'message-timeout', value: 'TIME', help: "from a message's first byte to its end (default 60s)" },
  { name: 'idle-timeout', value: 'TIME', help: 'without a message (default 10m)' },
  { name: 'log-level', value: 'LEVEL', help: `one of ${LOG_LEVELS.join(', ')} (default info)` },
  { name: 'log-format', value: 'FORMAT', help: 'json or pretty (default: pretty on a terminal)' },
  { name: 'help', help: 'show this' },
]

const HELP = `Usage: skyline serve [options]

Serves skyline/1: fly a simulated drone from nc, telnet or a script. The log goes to standard error.

Options:
${describeOptions(OPTIONS)}
A TIME is like 500ms, 10s or 5m; 0 is off. Without a token the server listens on loopback only.

Example:
  skyline serve --listen 127.0.0.1:8080 --token-file token.txt
`

/** Runs the server until it is told to end. Rejects where an option is wrong, and where it cannot listen. */
export async function serve(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, OPTIONS)
  if (options.has('help')) {
    process.stdout.write(HELP)
    return
  }
  const read = <T>(name: string, byDefault: string, reader: (name: string, text: string) => T): T =>
    reader(`--${name}`, String(options.get(name) ?? byDefault))
  const readChoiceOf = (name: string, byDefault: string, choices: readonly string[]) =>
    read(name, byDefault, (flag, text) => readChoice(flag, text, choices))

  const address = read('listen', DEFAULT_ADDRESS, readAddress)
  const serverOptions = {
    name: `skyline/${VERSION}`,
    token: readToken(options.get('token-file'), process.env['SKYLINE_TOKEN']),
    strictCrlf: options.has('strict-crlf'),
    maxConnections: read('max-connections', String(DEFAULTS.maxConnections), readCount),
    timeouts: {
      handshakeMs: read('handshake-timeout', '60s', readDuration),
      messageMs: read('message-timeout', '60s', readDuration),
      idleMs: read('idle-timeout', '10m', readDuration),
    },
  }
  const { logger, flush } = createLogger(
    readChoiceOf('log-level', 'info', LOG_LEVELS),
    readChoiceOf('log-format', process.stderr.isTTY ? 'pretty' : 'json', LOG_FORMATS),
  )
  const server = new Server({ ...serverOptions, logger })
  const stopped = signalled()
  const bound = await listen(server, address)
  if (process.stdout.isTTY) process.stdout.write(invitation(bound))
  await stopped
  await server.close()
  flush()
}

/** The token of the file, or else of the environment. A last newline of the file is not part of it. */
function readToken(file: string | true | undefined, fromEnvironment: string | undefined): string | undefined {
  const source = file === undefined ? 'SKYLINE_TOKEN' : `--token-file ${file}`
  const token = file === undefined ? fromEnvironment : readFile(String(file)).replace(/\r?\n$/, '')
  const problem = token === undefined ? undefined : problemOfToken(token)
  if (problem !== undefined) throw usageError(`${source}: ${problem}`)
  return token
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(`--token-file cannot be read: ${(error as Error).message}`)
  }
}

async function listen(server: Server, address: Address): Promise<Address> {
  try {
    return await server.listen(address)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const where = formatAddress(address)
    if (code === 'EADDRINUSE')
      throw usageError(`${where} is taken: stop what listens there, or choose another --listen`)
    if (code === 'TOKEN_REQUIRED') throw usageError(`${where} is not loopback: give a token with --token-file first`)
    throw usageError(`cannot listen on ${where}: ${message}`)
  }
}

/** What to type to fly. */
const invitation = ({ host, port }: Address): string => `
The drone is in the air. Fly it from a second terminal:

  printf 'HELLO\\n\\nMOVE 30 40\\n\\nWAIT\\n\\nSTATUS\\n\\nQUIT\\n\\n' | nc ${host} ${port}

`

/** Resolves at the first SIGINT or SIGTERM; at the second the program is gone at once, with exit code 1. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    let first = true
    const onSignal = () => {
      if (!first) process.exit(1)
      first = false
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
