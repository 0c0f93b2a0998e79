import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { type Address, formatAddress, isLoopback, resolveHost } from '../../server/address.ts'
import { turnAway } from '../../server/turn-away.ts'
import { systemClock } from '../../time/clock.ts'
import { Failure } from '../../wire/failure.ts'
import { createWire } from '../../wire/wires.ts'
import { dial, noConnection } from '../dial.ts'
import { type ParsedArguments, usageError } from '../options.ts'
import { EXIT, type ExitCode, type Program } from '../program.ts'
import { CONNECT_OPTION, readServerAddress } from '../remote.ts'
import { readAddress } from '../values.ts'
import { Recorder } from './recorder.ts'
import { claimTranscript, type TranscriptFiles, transcriptFiles } from './transcript-files.ts'

const ANY_FREE_PORT = '127.0.0.1:0'
const END_SIGNALS = ['SIGINT', 'SIGTERM'] as const

export const record: Program = {
  name: 'record',
  usage: '[options] NAME',
  about: `Stands between a client and the server, and writes what passes, byte for byte, to NAME.in and NAME.out. It records
one connection, the first that comes, and ends with it; Ctrl-C ends it sooner, and keeps what was recorded.
Exit code: 0 if a connection was recorded, 1 if none was, 2 for usage, 3 for no connection to the server.`,
  options: [
    { name: 'listen', value: 'HOST:PORT', help: `where to listen (default ${ANY_FREE_PORT}, any free port)` },
    CONNECT_OPTION,
    { name: 'force', help: 'overwrite a transcript that is there already' },
  ],
  maxWords: 1,
  example: 'skyline record --listen 127.0.0.1:9090 square',
  run,
}

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const [name] = parsed.words
  if (name === undefined || name === '') throw usageError('a name is missing: skyline record NAME')
  const files = transcriptFiles(name)
  const server = readServerAddress(parsed)
  const address = readAddress('--listen', String(parsed.options.get('listen') ?? ANY_FREE_PORT))
  claimTranscript(files, parsed.options.has('force'))

  const interrupt = new AbortController()
  const { signal } = interrupt
  const onSignal = () => interrupt.abort()
  for (const end of END_SIGNALS) process.once(end, onSignal)
  // Half-open: the end of one half is passed on like any byte.
  const listener = createServer({ allowHalfOpen: true, noDelay: true })
  try {
    const bound = await listen(listener, address)
    process.stdout.write(`${formatAddress(bound)} leads to ${formatAddress(server)}, recording to ${name}\n`)
    return await recordConnection(await firstConnection(listener, signal), files, server, signal)
  } catch (error) {
    if (!signal.aborted) throw error
    tell('nothing was recorded')
    return EXIT.failed
  } finally {
    listener.close()
    for (const end of END_SIGNALS) process.off(end, onSignal)
  }
}

async function listen(listener: Server, { host, port }: Address): Promise<Address> {
  try {
    if (!isLoopback(await resolveHost(host)))
      throw new Error('a recorder asks for no token, so that loopback it must be')
    await once(listener.listen(port, host), 'listening')
  } catch (error) {
    throw usageError(`cannot listen on ${formatAddress({ host, port })}: ${(error as Error).message}`)
  }
  const bound = listener.address() as { address: string; port: number }
  return { host: bound.address, port: bound.port }
}

/** The first connection; any other is told BUSY. */
async function firstConnection(listener: Server, signal: AbortSignal): Promise<Socket> {
  // A listener added meanwhile does not hear of the connection that is being told.
  listener.once('connection', () =>
    listener.on('connection', (socket) =>
      turnAway(
        socket,
        createWire('text'),
        systemClock,
        new Failure('BUSY', { hint: 'only one connection is recorded' }),
      ),
    ),
  )
  const [socket] = (await once(listener, 'connection', { signal })) as [Socket]
  return socket
}

/** Passes a connection on to the server, to its end or until it is interrupted. */
async function recordConnection(
  client: Socket,
  files: TranscriptFiles,
  address: Address,
  signal: AbortSignal,
): Promise<ExitCode> {
  // An error that comes before its pipeline is found there.
  client.on('error', () => {})
  let server: Socket
  try {
    server = await dial(address, { signal })
  } catch (error) {
    client.destroy()
    if (signal.aborted) throw error
    return noConnection(address, error)
  }
  try {
    const input = new Recorder(files.input)
    const output = new Recorder(files.output)
    const halves = await Promise.allSettled([
      pipeline(client, input, server, { signal }),
      pipeline(server, output, client, { signal }),
    ])
    const failure = firstFailure(halves)
    const { holdsToken } = input.close()
    output.close()
    if (failure?.code === 'USAGE') throw failure
    if (failure !== undefined && !signal.aborted) tell(`the connection was cut off: ${failure.message}`)
    if (holdsToken) tell(`${input.file} holds a token: take it out before others see the file`)
    for (const { file, messages, bytes } of [input, output]) {
      process.stdout.write(`${file}: ${messages} messages, ${bytes} bytes\n`)
    }
    return EXIT.ok
  } finally {
    client.destroy()
    server.destroy()
  }
}

/** Why one half ended other than by its end; that the other half was lost with it says less. */
function firstFailure(halves: readonly PromiseSettledResult<void>[]): NodeJS.ErrnoException | undefined {
  const failures = halves.flatMap((half) => (half.status === 'rejected' ? [half.reason as NodeJS.ErrnoException] : []))
  return failures.find(({ code }) => code !== 'ERR_STREAM_PREMATURE_CLOSE') ?? failures[0]
}

const tell = (text: string): boolean => process.stderr.write(`skyline: ${text}\n`)
