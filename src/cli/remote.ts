import type { RequestError } from '../client/error.ts'
import type { SessionOptions } from '../client/session.ts'
import type { Address } from '../server/address.ts'
import { WIRE_NAMES } from '../wire/wire.ts'
import type { Option, ParsedArguments } from './options.ts'
import { EXIT, type ExitCode } from './program.ts'
import { readToken, TOKEN_OPTION } from './token.ts'
import { DEFAULT_ADDRESS, readAddress, readDuration, readWire } from './values.ts'

export const CONNECT_OPTION: Option = {
  name: 'connect',
  value: 'HOST:PORT',
  help: `the server (or SKYLINE_ADDRESS; default ${DEFAULT_ADDRESS})`,
}

/** The options of every program that has a session with a server. */
export const REMOTE_OPTIONS: readonly Option[] = [
  CONNECT_OPTION,
  TOKEN_OPTION,
  { name: 'wire', value: 'NAME', help: `how messages are sent: ${WIRE_NAMES.join(', ')} (default text)` },
  { name: 'timeout', value: 'TIME', help: 'how long to wait for each reply (default 0: for ever)' },
]

/** Which server is meant. */
export function readServerAddress({ options }: ParsedArguments): Address {
  const flag = options.get('connect')
  const fromEnvironment = process.env['SKYLINE_ADDRESS']
  const name = flag === undefined && fromEnvironment !== undefined ? 'SKYLINE_ADDRESS' : '--connect'
  return readAddress(name, String(flag ?? fromEnvironment ?? DEFAULT_ADDRESS))
}

/** Which server, with which token. */
export function readRemote(parsed: ParsedArguments): SessionOptions {
  const timeoutMs = readDuration('--timeout', String(parsed.options.get('timeout') ?? '0'))
  const wire = readWire('--wire', String(parsed.options.get('wire') ?? 'text'))
  return { ...readServerAddress(parsed), wire, token: readToken(parsed), timeoutMs }
}

/** What a failed request comes to: the server's word, one that cannot be sent, or none that could be had. */
export function exitCodeOf({ code, reply }: RequestError): ExitCode {
  if (reply !== undefined) return EXIT.failed
  return code === 'BAD_ARGUMENT' ? EXIT.usage : EXIT.noConnection
}
