import { type Address, formatAddress } from '../server/address.ts'
import { DEFAULTS, Server } from '../server/server.ts'
import { createLogger, LOG_FORMATS, LOG_LEVELS } from './log.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { readToken, TOKEN_OPTION } from './token.ts'
import { DEFAULT_ADDRESS, readAddress, readChoice, readCount, readDuration } from './values.ts'
import { VERSION } from './version.ts'

export const serve: Program = {
  name: 'serve',
  summary: 'serve skyline/1 over TCP',
  usage: '[options]',
  about: `Serves skyline/1: fly a simulated drone from nc, telnet or a script. The log goes to standard error.
A TIME is like 500ms, 10s or 5m; 0 is off. Without a token the server listens on loopback only.`,
  options: [
    { name: 'listen', value: 'HOST:PORT', help: `where to listen (default ${DEFAULT_ADDRESS}; port 0: any free one)` },
    TOKEN_OPTION,
    { name: 'strict-crlf', help: 'refuse lines that end with a bare LF' },
    { name: 'max-connections', value: 'N', help: `those beyond it are told BUSY (default ${DEFAULTS.maxConnections})` },
    { name: 'handshake-timeout', value: 'TIME', help: 'from connecting to HELLO (default 60s)' },
    { name: 'message-timeout', value: 'TIME', help: "from a message's first byte to its end (default 60s)" },
    { name: 'idle-timeout', value: 'TIME', help: 'without a message (default 10m)' },
    { name: 'log-level', value: 'LEVEL', help: `one of ${LOG_LEVELS.join(', ')} (default info)` },
    { name: 'log-format', value: 'FORMAT', help: 'json or pretty (default: pretty on a terminal)' },
  ],
  maxWords: 0,
  example: 'skyline serve --listen 127.0.0.1:8080 --token-file token.txt',
  run,
}

/** Serves until it is told to end. */
async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const read = <T>(name: string, byDefault: string, reader: (name: string, text: string) => T): T =>
    reader(`--${name}`, String(parsed.options.get(name) ?? byDefault))
  const readChoiceOf = (name: string, byDefault: string, choices: readonly string[]) =>
    read(name, byDefault, (flag, text) => readChoice(flag, text, choices))

  const address = read('listen', DEFAULT_ADDRESS, readAddress)
  const serverOptions = {
    name: `skyline/${VERSION}`,
    token: readToken(parsed),
    strictCrlf: parsed.options.has('strict-crlf'),
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
  const takesAnything = serverOptions.token === undefined && !serverOptions.strictCrlf
  if (process.stdout.isTTY && takesAnything) process.stdout.write(invitation(bound))
  await stopped
  await server.close()
  flush()
  return EXIT.ok
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
      if (!first) process.exit(EXIT.failed)
      first = false
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
