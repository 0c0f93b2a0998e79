import { isUtf8 } from 'node:buffer'
import { SPACE } from './characters.ts'
import { Failure } from './failure.ts'
import type { Message } from './message.ts'
import { hashOf, Names } from './names.ts'

// The payloads that a client sends on the framed wire: one byte, the discriminant, then the fields.
//
//   0  Quit
//   1  Move         x, y: i32 little-endian
//   2  Write        one byte, the length of the text in bytes; then the text, in UTF-8
//   3  ChangeColor  r, g, b: one byte each
//
// The handshake is a Write whose text is the token, or HELLO where the server has none.

type FieldType = 'i32' | 'u8' | 'text'

interface Layout {
  /** As the article calls it. */
  readonly title: string
  /** The command that it stands for, and its aliases. */
  readonly commands: readonly [string, ...string[]]
  /** The first parameters of that command, in the order of its table row. */
  readonly fields: readonly (readonly [name: string, type: FieldType])[]
}

/** By discriminant. */
export const LAYOUTS: readonly Layout[] = [
  { title: 'Quit', commands: ['QUIT', 'EXIT'], fields: [] },
  {
    title: 'Move',
    commands: ['MOVE'],
    fields: [
      ['X', 'i32'],
      ['Y', 'i32'],
    ],
  },
  { title: 'Write', commands: ['WRITE'], fields: [['Text', 'text']] },
  {
    title: 'ChangeColor',
    commands: ['CHANGECOLOR', 'COLOR'],
    fields: [
      ['R', 'u8'],
      ['G', 'u8'],
      ['B', 'u8'],
    ],
  },
]

const WRITE = 2
const HELLO = 'HELLO'
/** What a field takes, in bytes; of a text its length byte. */
const FIELD_BYTES: Readonly<Record<FieldType, number>> = { i32: 4, u8: 1, text: 1 }
/** The same of all fields of a payload, by discriminant. */
const FIXED_BYTES = LAYOUTS.map(({ fields }) => fields.reduce((sum, [, type]) => sum + FIELD_BYTES[type], 0))
const MAX_TEXT_BYTES = 255
const RANGES = { i32: [-(2 ** 31), 2 ** 31 - 1], u8: [0, 255] } as const

const encoder = new TextEncoder()
const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
const bad = (reason: string): Failure => new Failure('PARSE', { reason })

/** Reads the payload at `start` to `end` into the view, as the command that it stands for. */
export function readPayload(
  bytes: Uint8Array,
  start: number,
  end: number,
  message: Message,
  { greeted, auth }: { readonly greeted: boolean; readonly auth: 'token' | 'none' },
): Failure | undefined {
  if (start === end) return bad('Empty message: a message begins with its discriminant')
  const discriminant = bytes[start] as number
  const layout = LAYOUTS[discriminant]
  if (layout === undefined) {
    const known = LAYOUTS.map(({ title }, index) => `${index} ${title}`).join(', ')
    return bad(`Unknown discriminant ${discriminant}: there are ${known}`)
  }
  const { title, fields, commands } = layout
  const payload = bytes.subarray(start + 1, end)
  const fixedBytes = FIXED_BYTES[discriminant] as number
  if (payload.length < fixedBytes) {
    const what = fields.map(([name, type]) => `${name.toLowerCase()} (${type === 'text' ? 'length byte' : type})`)
    return bad(`${title} too short: ${what.join(', ')} take ${count(fixedBytes, 'byte')}, got ${payload.length}`)
  }
  const isText = discriminant === WRITE
  const textBytes = isText ? (payload[0] as number) : 0
  const text = payload.subarray(fixedBytes, fixedBytes + textBytes)
  if (text.length < textBytes)
    return bad(`Write payload truncated: ${count(textBytes, 'byte')} of text announced, got ${text.length}`)
  const trailing = payload.length - fixedBytes - textBytes
  if (trailing > 0) return bad(`${title} ends before the frame does: ${count(trailing, 'trailing byte')}`)
  if (!isText) return compose(message, commands[0], numbers(fields, payload))
  if (!isUtf8(text))
    return new Failure('INVALID_UTF8', { reason: `The text is not valid UTF-8 from index ${validBytes(text)}` })
  if (greeted) return compose(message, commands[0], [text])
  if (auth === 'token') return compose(message, HELLO, [text])
  const isHello = Buffer.from(text).toString('latin1') === HELLO
  return isHello ? compose(message, HELLO, []) : new Failure('AUTH_FAILED', { hint: `write ${HELLO} first` })
}

/** The fields of a payload as digits. */
const numbers = (fields: Layout['fields'], payload: Uint8Array): string[] =>
  fields.map(([, type], index) => String(type === 'i32' ? readI32(payload, index * FIELD_BYTES.i32) : payload[index]))

/** Little-endian; by hand, because a view would have to be made for each payload. */
function readI32(bytes: Uint8Array, start: number): number {
  let value = 0
  for (let at = start + FIELD_BYTES.i32 - 1; at >= start; at--) value = (value << 8) | (bytes[at] as number)
  return value
}

/** Where a message is put together, as the text that the view shows; it holds the longest Write and its command. */
const scratch = new Uint8Array(512)
const NAMES = new Map(
  [...LAYOUTS.map(({ commands }) => commands[0]), HELLO].map((name) => [name, encoder.encode(name)]),
)

function compose(message: Message, command: string, values: readonly (string | Uint8Array)[]): undefined {
  const name = NAMES.get(command) as Uint8Array
  scratch.set(name)
  let at = name.length
  message.clear(scratch)
  message.setCommand(0, at, hashOf(name))
  for (const value of values) {
    scratch[at++] = SPACE
    if (typeof value === 'string') for (let i = 0; i < value.length; i++) scratch[at + i] = value.charCodeAt(i)
    else scratch.set(value, at)
    message.addArgument(at, at + value.length)
    at += value.length
  }
  message.end = at
}

/** How many bytes from the start are UTF-8. */
function validBytes(text: Uint8Array): number {
  let end = text.length
  while (!isUtf8(text.subarray(0, end))) end--
  return end
}

const BY_COMMAND = new Names(
  LAYOUTS.flatMap(({ commands }, discriminant) => commands.map((name) => [name, discriminant] as const)),
)

/** The payload of a message of the text wire. Throws a TypeError or a RangeError where it cannot be said so. */
export function payloadOf(message: Message): Uint8Array {
  const { command, arguments: words, headers } = message.toPlain()
  const values = new Map(headers.map(([key, value]) => [key.toUpperCase(), value]))
  if (command.toUpperCase() === HELLO) return writePayload(words[0] ?? values.get('TOKEN') ?? HELLO)
  const discriminant = BY_COMMAND.get(command)
  if (discriminant === undefined) {
    const known = [HELLO, ...LAYOUTS.map(({ commands }) => commands[0])].join(', ')
    throw new TypeError(`${command} cannot be said on the framed wire, which has ${known}`)
  }
  const { fields } = LAYOUTS[discriminant] as Layout
  if (discriminant === WRITE && words.length > 0) return writePayload(message.firstLineRest)
  const given = fields.map(([name], index) => {
    const value = words[index] ?? values.get(name.toUpperCase())
    if (value === undefined) throw new TypeError(`${command} needs ${name}`)
    return value
  })
  const extra = words[fields.length] ?? [...values.keys()].find((key) => !isCarried(key, fields))
  if (extra !== undefined) throw new TypeError(`${command} carries no ${extra} on the framed wire`)
  if (discriminant === WRITE) return writePayload(given[0] as string)
  const bytes = fields.flatMap(([name, type], index) => numberBytes(name, type as 'i32' | 'u8', given[index] as string))
  return new Uint8Array([discriminant, ...bytes])
}

/** A field; or what may stand in any message and changes nothing: the order of the replies says what they answer. */
const isCarried = (key: string, fields: Layout['fields']): boolean =>
  key === 'ID' || key === 'NOTE' || key.startsWith('X-') || fields.some(([name]) => name.toUpperCase() === key)

function writePayload(text: string): Uint8Array {
  const bytes = encoder.encode(text)
  if (bytes.length > MAX_TEXT_BYTES)
    throw new RangeError(`A text on the framed wire has at most ${MAX_TEXT_BYTES} bytes, got ${bytes.length}`)
  return new Uint8Array([WRITE, bytes.length, ...bytes])
}

function numberBytes(name: string, type: 'i32' | 'u8', text: string): number[] {
  const value = Number(text)
  const [min, max] = RANGES[type]
  if (String(value) !== text || !Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${name} takes an integer, ${min}..${max}`)
  return type === 'u8' ? [value] : [value, value >> 8, value >> 16, value >> 24].map((byte) => byte & 0xff)
}
