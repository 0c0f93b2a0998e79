import { quietSession } from './quiet-session.ts'
import { median } from './statistics.ts'

// A program: what a message costs a session in this process, by how it is cut and by its shape; prints it as JSON.

export interface GrowthResult {
  /** A message one byte at a time, in nanoseconds a byte, by the size of the message in bytes. */
  readonly nsPerByte: Readonly<Record<string, number>>
  /** A message of the greatest size in one piece, in microseconds, by what it is made of. */
  readonly usPerShape: Readonly<Record<string, number>>
}

const SIZES = [1000, 8000]
const MAX_BYTES = 8192
/** Of so many trials the median counts, once the compiler has seen as many: in proportion to the program's argument. */
const TRIALS = Math.ceil(Number(process.argv[2]) * 150)
const NS_PER_US = 1000

/** A good MOVE that some middle part makes as long as is wanted. */
function filled(bytes: number, part: (index: number) => string): Buffer {
  let text = 'MOVE\r\nX: 1\r\nY: 2\r\n'
  for (let index = 0; text.length + part(index).length + 2 <= bytes; index++) text += part(index)
  return Buffer.from(`${text}\r\n`)
}
const HEADERS = 60
const VALUE_BYTES = 120

const line = (byte: string): Buffer => Buffer.from(`${byte.repeat(MAX_BYTES - 4)}\r\n\r\n`)

const SHAPES: Readonly<Record<string, Buffer>> = {
  'one long value': filled(MAX_BYTES, (index) => (index === 0 ? `Note: ${'n'.repeat(MAX_BYTES - 40)}\r\n` : '\r')),
  'one long value, not ASCII': filled(MAX_BYTES, (index) => (index === 0 ? `Note: ${'é'.repeat(4000)}\r\n` : '\r')),
  [`${HEADERS} headers`]: filled(MAX_BYTES, (index) => `X-Header-${index}: ${'v'.repeat(VALUE_BYTES)}\r\n`),
  'tiny headers': filled(MAX_BYTES, (index) => `X${index.toString(36)}:\r\n`),
  'short arguments': Buffer.from(`MOVE${' 1'.repeat((MAX_BYTES - 8) / 2)}\r\n\r\n`),
  'all colons': line(':'),
  'all spaces': line(' '),
  'all line feeds': Buffer.alloc(MAX_BYTES, '\n'),
  'all lone CRs': line('\r'),
  'one long name': line('N'),
}

/** What each of many trials took, in nanoseconds, the median. Each has a session of its own. */
function cost(pieces: readonly Uint8Array[]): number {
  const trial = (): number => {
    const receive = quietSession()
    const begin = process.hrtime.bigint()
    for (const piece of pieces) receive(piece)
    return Number(process.hrtime.bigint() - begin)
  }
  for (let count = 0; count < TRIALS; count++) trial()
  return median(Array.from({ length: TRIALS }, trial))
}

const bytewise = (bytes: number): readonly Uint8Array[] => {
  const whole = filled(bytes, (index) => (index === 0 ? `Note: ${'n'.repeat(bytes - 40)}\r\n` : '\r'))
  return Array.from(whole, (_, at) => whole.subarray(at, at + 1))
}

const nsPerByte = Object.fromEntries(
  SIZES.map((bytes) => {
    const pieces = bytewise(bytes)
    return [bytes, cost(pieces) / pieces.length]
  }),
)
const usPerShape = Object.fromEntries(
  Object.entries(SHAPES).map(([shape, whole]) => [shape, cost([whole]) / NS_PER_US]),
)
process.stdout.write(JSON.stringify({ nsPerByte, usPerShape } satisfies GrowthResult))
