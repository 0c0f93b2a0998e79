import { join, resolve } from 'node:path'

/** A server to be measured. Bytes stand as latin1 strings, so that they can be handed to other processes. */
export interface BenchServer {
  readonly name: string
  readonly title: string
  /** The program and its arguments; it listens on a free port of loopback, and tells it as `"port":1234`. */
  readonly program: readonly string[]
  readonly isSkyline: boolean
  /** What is sent once, before the first request. */
  readonly login: string
  readonly request: string
  /** What every request is answered by, to the byte. */
  readonly reply: string
  /** A request of so many bytes, and what answers it. */
  readonly padded?: (bytes: number) => { readonly request: string; readonly reply: string }
  /** Over TLS, from an authority whose certificate stands in this file. */
  readonly authority?: string
}

/** The same in every answer of the HTTP server, so that each is the same to the byte and none is shorter for it. */
export const HTTP_DATE = 'Sat, 21 Nov 2026 12:00:00 GMT'
/** How long the HTTP server keeps a connection, in seconds: it says so in every answer. */
export const HTTP_KEEP_ALIVE_S = 600

/** More than any scenario opens. */
const MAX_CONNECTIONS = 20_000
export const MAIN = resolve('dist/cli/main.js')
const HERE = import.meta.dirname

const MOVE = 'MOVE\r\nX: 10\r\nY: 20\r\nId: 7'
const MOVED = 'OK MOVING_TO(10, 20)\r\nX: 10\r\nY: 20\r\nOp: #\r\nId: 7'
const END = '\r\n\r\n'
/** `Note` is the header that any message may carry. */
const NOTE = '\r\nNote: '

const padded = (bytes: number): string => {
  const start = `${MOVE}${NOTE}`
  return start + 'n'.repeat(bytes - start.length - END.length) + END
}

const ECHO: BenchServer = {
  name: 'echo',
  title: 'bare node:net echo',
  program: [join(HERE, 'echo.js')],
  isSkyline: false,
  login: '',
  request: MOVE + END,
  reply: MOVE + END,
  padded: (bytes) => ({ request: padded(bytes), reply: padded(bytes) }),
}

const HTTP: BenchServer = {
  name: 'http',
  title: 'node:http',
  program: [join(HERE, 'http.js')],
  isSkyline: false,
  login: '',
  request: `POST /move HTTP/1.1\r\nHost: d\r\nX: 10\r\nY: 20\r\nId: 7\r\nContent-Length: 0${END}`,
  reply: `HTTP/1.1 200 OK\r\nMoving-To: 10, 20\r\nContent-Length: 0\r\nId: 7\r\nDate: ${HTTP_DATE}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${HTTP_KEEP_ALIVE_S}${END}`,
}

/** A version, the length, a message without its empty line. */
const versioned = (content: string): string =>
  `\x01${String.fromCharCode(content.length >> 8, content.length & 0xff)}${content}`

/** The length, then the payload. */
const framed = (payload: string): string => `${int32(payload.length)}${payload}`
const int32 = (value: number): string => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes.toString('latin1')
}

const skyline = (scheme: string, args: readonly string[] = []): readonly string[] => [
  ...[MAIN, 'serve', '--listen', `${scheme}127.0.0.1:0`, '--log-format', 'json'],
  ...['--max-connections', String(MAX_CONNECTIONS), ...args],
]

/** The server itself, as it is used most. */
export const TEXT: BenchServer = {
  name: 'text',
  title: 'skyline',
  program: skyline(''),
  isSkyline: true,
  login: `HELLO${END}`,
  request: MOVE + END,
  reply: MOVED + END,
  padded: (bytes) => ({ request: padded(bytes), reply: MOVED + END }),
}

const VERSIONED: BenchServer = {
  name: 'versioned',
  title: 'skyline, versioned wire',
  program: skyline('versioned://'),
  isSkyline: true,
  login: versioned('HELLO'),
  request: versioned(MOVE),
  // Its length is that of the number's.
  reply: `\x01??${MOVED}`,
}

const FRAMED: BenchServer = {
  name: 'framed',
  title: 'skyline, framed wire (no Id, no headers)',
  program: skyline('framed://'),
  isSkyline: true,
  login: framed('\x02\x05HELLO'),
  request: framed(`\x01${int32(10)}${int32(20)}`),
  reply: framed('\x00MOVING_TO(10, 20)'),
}

export const SERVERS: readonly BenchServer[] = [ECHO, HTTP, TEXT, VERSIONED, FRAMED]
export const TLS_NAME = 'tls'

/** The files, in PEM, that a server of TLS and who trusts it need. */
export interface TlsFiles {
  readonly certificate: string
  readonly key: string
  readonly authority: string
}

/** The text wire over TLS. */
export const tlsServer = ({ certificate, key, authority }: TlsFiles): BenchServer => ({
  ...TEXT,
  name: TLS_NAME,
  title: 'skyline over TLS',
  program: skyline('tls://', ['--tls-cert', certificate, '--tls-key', key]),
  authority,
})
