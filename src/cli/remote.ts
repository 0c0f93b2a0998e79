import type { RequestError } from '../client/error.ts'
import type { SessionOptions } from '../client/options.ts'
import type { Address, Place } from '../server/address.ts'
import { WIRE_NAMES } from '../wire/wire.ts'
import { type Option, type ParsedArguments, usageError } from './options.ts'
import { EXIT, type ExitCode } from './program.ts'
import { CLIENT_TLS_OPTIONS, checkTlsIsSpoken, readClientTls } from './tls.ts'
import { OWN_TOKEN_OPTION, readToken } from './token.ts'
import { DEFAULT_ADDRESS, readAddress, readDuration, readEndpoint, readWire } from './values.ts'

export const CONNECT_OPTION: Option = {
  name: 'connect',
  value: 'HOST:PORT',
  help: `the server (or SKYLINE_ADDRESS; default ${DEFAULT_ADDRESS})`,
}

/** The options of every program that has a session with a server. */
export const REMOTE_OPTIONS: readonly Option[] = [
  CONNECT_OPTION,
  OWN_TOKEN_OPTION,
  { name: 'wire', value: 'NAME', help: `how messages are sent: ${WIRE_NAMES.join(', ')} (default text)` },
  ...CLIENT_TLS_OPTIONS,
  { name: 'timeout', value: 'TIME', help: 'how long to wait for each reply (default 0: for ever, but 10s for HELLO)' },
]

/** The address of the server, for those that speak nothing but text to it. */
export const readServerAddress = (parsed: ParsedArguments): Address => readAddress(...serverNamed(parsed))

/** What names the server, and who says so. */
function serverNamed({ options }: ParsedArguments): [source: string, text: string] {
  const flag = options.get('connect')
  const fromEnvironment = process.env['SKYLINE_ADDRESS']
  const name = flag === undefined && fromEnvironment !== undefined ? 'SKYLINE_ADDRESS' : '--connect'
  return [name, String(flag ?? fromEnvironment ?? DEFAULT_ADDRESS)]
}

/** How long a server has to answer HELLO where no --timeout is given, in milliseconds: what the client gives it, too. */
export const HELLO_WAIT_MS = 10_000

/** How long a server has for its goodbye, where all that was asked for is answered. */
export const GOODBYE_WAIT = { timeoutMs: 5000 }

/** A server and the way to it. */
export type Remote = SessionOptions & Place

/** Which server, with which token. */
export function readRemote(parsed: ParsedArguments): Remote {
  const timeout = parsed.options.get('timeout')
  const timeoutMs = timeout === undefined ? undefined : readDuration('--timeout', String(timeout))
  const [source, text] = serverNamed(parsed)
  const { place, wire: named, tls } = readEndpoint(source, text)
  checkTlsIsSpoken(tls, parsed, CLIENT_TLS_OPTIONS)
  const wire = readWire('--wire', String(parsed.options.get('wire') ?? named))
  if (wire !== named && text.startsWith(`${named}://`)) throw usageError(`${source} ${text} is not for --wire ${wire}`)
  return { ...place, wire, tls: tls ? readClientTls(parsed) : undefined, token: readToken(parsed), timeoutMs }
}

/** What a failed request comes to: the server's word, one that cannot be sent, or none that could be had. */
export function exitCodeOf({ code, reply }: RequestError): ExitCode {
  if (reply !== undefined) return EXIT.failed
  return code === 'BAD_ARGUMENT' ? EXIT.usage : EXIT.noConnection
}
