import { type Address, formatAddress } from '../server/address.ts'
import { DEFAULTS, type ListenOptions, Server } from '../server/server.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import { createLogger, LOG_FORMATS, LOG_LEVELS } from './log.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { readToken, TOKEN_OPTION } from './token.ts'
import { DEFAULT_ADDRESS, readChoice, readCount, readDuration, readEndpoint } from './values.ts'
import { VERSION } from './version.ts'

export const serve: Program = {
  name: 'serve',
  summary: 'serve skyline/1 over TCP',
  usage: '[options]',
  about: `Serves skyline/1: fly a simulated drone from nc, telnet or a script. The log goes to standard error.
With framed:// or versioned:// before its HOST:PORT a listener takes messages in frames, as the README explains.
A TIME is like 500ms, 10s or 5m; 0 is off. Without a token the server listens on loopback only.`,
  options: [
    {
      name: 'listen',
      value: 'HOST:PORT',
      multiple: true,
      help: `where to listen (default ${DEFAULT_ADDRESS}; port 0: any free one); can be given again`,
    },
    TOKEN_OPTION,
    { name: 'strict-crlf', help: 'refuse lines that end with a bare LF' },
    {
      name: 'max-frame',
      value: 'BYTES',
      help: `the longest payload on the framed wire (default ${MAX_MESSAGE_BYTES})`,
    },
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

  const endpoints = (parsed.lists.get('listen') ?? [DEFAULT_ADDRESS]).map((text) => readEndpoint('--listen', text))
  const serverOptions = {
    name: `skyline/${VERSION}`,
    token: readToken(parsed),
    strictCrlf: parsed.options.has('strict-crlf'),
    maxFrameBytes: readMaxFrame(read('max-frame', String(MAX_MESSAGE_BYTES), readCount)),
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
  const takesAnything = serverOptions.token === undefined && !serverOptions.strictCrlf
  for (const endpoint of endpoints) {
    const bound = await listen(server, endpoint)
    if (process.stdout.isTTY && takesAnything && endpoint.wire === 'text') process.stdout.write(invitation(bound))
  }
  await stopped
  await server.close()
  flush()
  return EXIT.ok
}

/** The highest that --max-frame goes, in bytes: the limit of the article that the framed wire comes from. */
const MAX_FRAME_BYTES = 10_000_000

function readMaxFrame(bytes: number): number {
  if (bytes <= MAX_FRAME_BYTES) return bytes
  throw usageError(`--max-frame is to be at most ${MAX_FRAME_BYTES}, got ${bytes}`)
}

async function listen(server: Server, address: ListenOptions): Promise<Address> {
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
