import type { Address, Place } from '../server/address.ts'
import { MAX_DELAY_MS } from '../time/clock.ts'
import { WIRE_NAMES, type WireName } from '../wire/wire.ts'
import { usageError } from './options.ts'

/** Where a server listens, and is looked for, if nobody says otherwise. */
export const DEFAULT_ADDRESS = '127.0.0.1:8080'

/** The milliseconds in each unit of a duration. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** The milliseconds of `500ms`, `10s`, `5m`, `1h`; `0` is off. */
export function readDuration(name: string, text: string): number {
  if (text === '0') return 0
  const [, digits = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? []
  const milliseconds = Number(digits) * (UNITS.get(unit) ?? Number.NaN)
  if (Number.isNaN(milliseconds))
    throw usageError(`${name} is to be a duration like 500ms, 10s, 5m, or 0 for none, got ${JSON.stringify(text)}`)
  if (milliseconds > MAX_DELAY_MS) throw usageError(`${name} is to be at most 596h, got ${JSON.stringify(text)}`)
  return milliseconds
}

export function readCount(name: string, text: string): number {
  const count = Number(text)
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(count)) {
    throw usageError(`${name} is to be a number from 1, got ${JSON.stringify(text)}`)
  }
  return count
}

/** `HOST:PORT`, with an IPv6 address in brackets. */
export function readAddress(name: string, text: string): Address {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port > 65535) {
    throw usageError(`${name} is to be HOST:PORT, like 127.0.0.1:8080 or [::1]:8080, got ${JSON.stringify(text)}`)
  }
  return { host, port }
}

/** Where a server is, and what is spoken there. */
export interface Endpoint {
  readonly wire: WireName
  readonly tls: boolean
  readonly place: Place
}

const SCHEMES = ['text', 'framed', 'versioned', 'tls', 'unix'] as const

/** `HOST:PORT`, `framed://HOST:PORT`, `versioned://HOST:PORT`, `tls://HOST:PORT`, `unix:///PATH`. */
export function readEndpoint(name: string, text: string): Endpoint {
  const [, given = 'text', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text) ?? []
  const scheme = readChoice(`${name}: what stands before ://`, given, SCHEMES)
  if (scheme === 'unix') return { wire: 'text', tls: false, place: { path: readPath(name, rest) } }
  const place = readAddress(name, rest)
  return scheme === 'tls' ? { wire: 'text', tls: true, place } : { wire: scheme, tls: false, place }
}

/** What the kernel has room for in the path of a socket, in bytes. */
const MAX_PATH_BYTES = 107

function readPath(name: string, path: string): string {
  if (path.startsWith('/') && Buffer.byteLength(path) <= MAX_PATH_BYTES) return path
  throw usageError(`${name} is to be unix:///PATH of at most ${MAX_PATH_BYTES} bytes, got ${JSON.stringify(path)}`)
}

export const readWire = (name: string, text: string): WireName => readChoice(name, text, WIRE_NAMES)

export function readChoice<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text)
  if (choice === undefined)
    throw usageError(`${name} is to be one of ${choices.join(', ')}, got ${JSON.stringify(text)}`)
  return choice
}
