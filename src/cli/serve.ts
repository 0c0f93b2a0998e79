import { existsSync, lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { MAX_TTL_MS } from '../commands/conditions.ts'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import { type Address, formatPlace, isPath, type Place } from '../server/address.ts'
import { CONTROL_MODES } from '../server/control.ts'
import { DEFAULTS, MAX_FRAME_BYTES, type ServerOptions } from '../server/options.ts'
import { Server } from '../server/server.ts'
import { systemClock } from '../time/clock.ts'
import { CoarseClock } from '../time/coarse-clock.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import { FLIGHT_OPTIONS, readFlightOptions, SAFETY_OPTIONS } from './flight-options.ts'
import { createLog, LOG_FORMATS, LOG_LEVELS, type Log } from './log.ts'
import { connectionsWithinLimit } from './open-files.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { RECORD_OPTIONS } from './record-options.ts'
import { checkTlsIsSpoken, readServerTls, SERVER_TLS_OPTIONS } from './tls.ts'
import { problemOfTokenFile, readServerCredentials, TOKEN_OPTION } from './token.ts'
import { tuneV8 } from './tuning.ts'
import { untilStopped } from './until-stopped.ts'
import { DEFAULT_ADDRESS, type Endpoint, readChoice, readCount, readDuration, readEndpoint } from './values.ts'
import { VERSION } from './version.ts'

export const serve: Program = {
  name: 'serve',
  usage: '[options]',
  about: `Serves skyline/1: fly a simulated drone from nc, telnet or a script. The log goes to standard error.
Besides HOST:PORT there are tls://HOST:PORT, unix:///PATH, and for messages in frames framed://HOST:PORT and
versioned://HOST:PORT.
A TIME is like 500ms, 10s or 5m; 0 is off. Without a token the server listens on loopback only.`,
  options: [
    {
      name: 'listen',
      value: 'HOST:PORT',
      multiple: true,
      help: `where to listen (default ${DEFAULT_ADDRESS}; port 0: any free one); can be given again`,
    },
    TOKEN_OPTION,
    ...SERVER_TLS_OPTIONS,
    ...FLIGHT_OPTIONS,
    ...SAFETY_OPTIONS,
    ...RECORD_OPTIONS,
    { name: 'strict-crlf', help: 'refuse lines that end with a bare LF' },
    {
      name: 'max-frame',
      value: 'BYTES',
      help: `the longest payload on the framed wire (default ${MAX_MESSAGE_BYTES})`,
    },
    { name: 'max-connections', value: 'N', help: `those beyond it are told BUSY (default ${DEFAULTS.maxConnections})` },
    {
      name: 'max-unauthenticated',
      value: 'N',
      help: `those beyond it that have not said HELLO: one of them, by chance, has to go (default ${DEFAULTS.maxUnauthenticated})`,
    },
    { name: 'no-loopback-exempt', help: 'penalties and --max-unauthenticated hold for this machine, too' },
    { name: 'handshake-timeout', value: 'TIME', help: 'from connecting to HELLO (default 60s)' },
    { name: 'message-timeout', value: 'TIME', help: "from a message's first byte to its end (default 60s)" },
    { name: 'idle-timeout', value: 'TIME', help: 'without a message (default 10m)' },
    { name: 'log-level', value: 'LEVEL', help: `one of ${LOG_LEVELS.join(', ')} (default info)` },
    { name: 'log-format', value: 'FORMAT', help: 'json or pretty (default: pretty on a terminal)' },
  ],
  isEndless: true,
  maxWords: 0,
  example: 'skyline serve --listen 127.0.0.1:8080 --token-file token.txt',
  run,
}

/** Serves until it is told to end. */
async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const endpoints = (parsed.lists.get('listen') ?? [DEFAULT_ADDRESS]).map((text) => readEndpoint('--listen', text))
  const speaksTls = endpoints.some(({ tls }) => tls)
  checkTlsIsSpoken(speaksTls, parsed, SERVER_TLS_OPTIONS)
  const log = createLog(
    readChoice('--log-level', String(parsed.options.get('log-level') ?? 'info'), LOG_LEVELS),
    readChoice('--log-format', String(parsed.options.get('log-format') ?? defaultFormat()), LOG_FORMATS),
  )
  const options = await readServerOptions(parsed, log.logger)
  // Also what does not come to listen ends its record.
  return await serveAt(endpoints, parsed, log, options).finally(() => options.journal?.close())
}

type ReadOptions = Awaited<ReturnType<typeof readServerOptions>>

async function serveAt(endpoints: readonly Endpoint[], parsed: ParsedArguments, log: Log, options: ReadOptions) {
  if (options.tls === undefined && endpoints.some(({ tls }) => tls))
    throw usageError('a tls:// address takes --tls-cert and --tls-key')
  const room = connectionsWithinLimit() ?? options.maxConnections
  if (room < 1) throw usageError('the limit of open files leaves no room for connections: raise it with ulimit -n')
  const maxConnections = Math.min(options.maxConnections, room)
  const server = createServer({ ...options, maxConnections, logger: log.logger })
  const stopped = untilStopped(server, log, () => ({
    tls: readServerTls(parsed),
    credentials: readServerCredentials(parsed),
  }))
  if (maxConnections < options.maxConnections)
    log.logger.warn({ maxConnections }, 'the limit of open files leaves room for fewer connections')
  const isOpen = options.credentials.kind === 'none' && !options.strictCrlf
  const isLanded = options.drone.airborne === false
  for (const [before, endpoint] of endpoints.entries()) {
    const bound = await listen(server, endpoint).catch(async (error) => {
      // Of those before it nothing is to stay, such as a socket in the file system; nor a record that looks like a crash.
      if (before > 0 || options.journal !== undefined) await server.close()
      throw error
    })
    const isPlain = endpoint.wire === 'text' && !endpoint.tls
    if (process.stdout.isTTY && isOpen && isPlain && !isPath(bound)) process.stdout.write(invitation(bound, isLanded))
  }
  // A container is given its secrets so, as a rule: that is no reason not to start.
  const exposed = problemOfTokenFile(parsed)
  if (exposed !== undefined) log.logger.warn(exposed)
  await tuneV8()
  await stopped
  await server.close()
  await log.close()
  return EXIT.ok
}

const defaultFormat = () => (process.stderr.isTTY ? 'pretty' : 'json')

async function readServerOptions(parsed: ParsedArguments, logger: Logger) {
  const read = <T>(name: string, byDefault: number | string, reader: (name: string, text: string) => T): T =>
    reader(`--${name}`, String(parsed.options.get(name) ?? byDefault))
  const { simulated, fence, batteryFloor } = readFlightOptions(parsed)
  const clock = new CoarseClock(systemClock)
  const options = {
    batteryFloor,
    clock,
    name: `skyline/${VERSION}`,
    credentials: readServerCredentials(parsed),
    motionTtlMs: read('motion-ttl', '0', readTtl),
    control: readChoice('--control', String(parsed.options.get('control') ?? 'shared'), CONTROL_MODES),
    landAfterMs: read('land-after', '10s', readDuration),
    tls: readServerTls(parsed),
    strictCrlf: parsed.options.has('strict-crlf'),
    maxFrameBytes: read('max-frame', MAX_MESSAGE_BYTES, readMaxFrame),
    maxConnections: read('max-connections', DEFAULTS.maxConnections, readCount),
    maxUnauthenticated: read('max-unauthenticated', DEFAULTS.maxUnauthenticated, readCount),
    loopbackExempt: !parsed.options.has('no-loopback-exempt'),
    timeouts: {
      handshakeMs: read('handshake-timeout', '60s', readDuration),
      messageMs: read('message-timeout', '60s', readDuration),
      idleMs: read('idle-timeout', '10m', readDuration),
    },
  }
  // Behind all that may be wrong. Most servers keep no record, and start 6 ms sooner without what writes it.
  const keepsRecord = RECORD_OPTIONS.some(({ name }) => parsed.options.has(name))
  const recorded = keepsRecord ? (await import('./journal.ts')).openJournal(parsed, clock, logger) : undefined
  return {
    ...options,
    journal: recorded?.journal,
    fence: fence ?? recorded?.fence,
    // Where it was when it was last heard of: it hovers there, or stands.
    drone: recorded?.drone ?? new SimulatedDrone(clock, simulated),
  }
}

function readTtl(name: string, text: string): number {
  const ms = readDuration(name, text)
  if (ms <= MAX_TTL_MS) return ms
  throw usageError(`${name} is to be at most ${MAX_TTL_MS / 1000}s, got ${text}`)
}

function readMaxFrame(name: string, text: string): number {
  const bytes = readCount(name, text)
  if (bytes <= MAX_FRAME_BYTES) return bytes
  throw usageError(`${name} is to be at most ${MAX_FRAME_BYTES}, got ${bytes}`)
}

function createServer(options: ServerOptions): Server {
  try {
    return new Server(options)
  } catch (error) {
    throw usageError(`--tls-cert, --tls-key, --tls-ca: ${(error as Error).message}`)
  }
}

async function listen(server: Server, { place, wire, tls }: Endpoint): Promise<Place> {
  try {
    return await server.listen({ ...place, wire, tls })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const where = formatPlace(place)
    if (code === 'EADDRINUSE' && isPath(place) && isNoSocket(place.path))
      throw usageError(`${where} is no socket, and stays as it is: choose another --listen`)
    if (code === 'EADDRINUSE')
      throw usageError(`${where} is taken: stop what listens there, or choose another --listen`)
    // Which Node calls a lack of rights.
    if (isPath(place) && !existsSync(dirname(place.path)))
      throw usageError(`cannot listen on ${where}: there is no folder ${dirname(place.path)}`)
    if (code === 'TOKEN_REQUIRED') throw usageError(`${where} is not loopback: give a token with --token-file first`)
    throw usageError(`cannot listen on ${where}: ${message}`)
  }
}

const isNoSocket = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false

/** What to type to fly. */
const invitation = ({ host, port }: Address, isLanded: boolean): string => `
The drone is ${isLanded ? 'on the ground' : 'in the air'}. Fly it from a second terminal:

  printf 'HELLO\\n\\n${isLanded ? 'TAKEOFF\\n\\nWAIT\\n\\n' : ''}MOVE 30 40\\n\\nWAIT\\n\\nSTATUS\\n\\nQUIT\\n\\n' | nc ${host} ${port}

`
