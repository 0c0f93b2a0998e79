import fc from 'fast-check'

// Streams for the text wire, as latin1: good ones, and all that can go wrong with them.

const CAP_BYTES = 8192

const join = (parts: readonly string[]): string => parts.join('')
const some = (unit: fc.Arbitrary<string>, maxLength: number) => fc.array(unit, { maxLength }).map(join)

const lineEnd = fc.oneof(
  { arbitrary: fc.constantFrom('\r\n', '\n'), weight: 60 },
  fc.constantFrom('\r', '\r\r\n', '\n\r', ' \n', '\t\r\n'),
)
const emptyLines = fc.constantFrom('', '', '', '\n', '\r\n', '\n\r\n\n', '\r\n\r\n\r\n')

const goodName = fc.constantFrom(
  'HELLO',
  'MOVE',
  'ping',
  'WRITE',
  'QUIT',
  'FLY',
  'Id',
  'X',
  'Y',
  'Note',
  'X-Any',
  'Text',
)
const oddName = fc.constantFrom(
  ...['HELLO', 'hello', 'MOVE', 'Move', 'PING', 'WRITE', 'Id', 'ID', 'X', 'x', 'Y', 'Note', 'X-Any', 'Text', 'a', 'Z9'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '9X',
    '-',
    '_a',
    '',
    'é',
    'K\xe2\x84\xaa',
    'A'.repeat(32),
    'B'.repeat(33),
  ],
  ...['k'.repeat(64), 'l'.repeat(65), 'Id\0', 'Id\t', 'Id '],
)
const name = fc.oneof({ arbitrary: goodName, weight: 8 }, oddName)
/** A character, or what is none, of every kind that the contract tells apart. */
const character = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'Z', '0', '7', '-', '_', '.', ':', '~', '!', '"', ' ', '  '), weight: 120 },
  { arbitrary: fc.constantFrom('\xc3\xa9', '\xe2\x82\xac', '\xf0\x9f\x9a\x81', '\xc2\x80', '\xef\xbb\xbf'), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 0xff }).map((byte) => String.fromCharCode(byte)), weight: 2 },
  fc.constantFrom('\t', '\x1b[A', '\x7f', '\0', '\x01'),
  fc.constantFrom('\xff', '\xc3', '\xe2\x82', '\xc0\xaf', '\xe0\x80\x8a', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\x80'),
)
const argument = fc.oneof(
  fc.constantFrom('10', '-20', '2147483648', '-0', '007', '1e3', 'far', '\xef\xbc\x99', 'HTTP/1.1'),
  some(character, 6),
)
const firstLine = fc
  .tuple(
    name,
    fc.array(fc.tuple(fc.constantFrom(' ', ' ', ' ', ' ', ' ', '  ', '\t'), argument).map(join), { maxLength: 4 }),
    lineEnd,
  )
  .map(([command, words, end]) => `${command}${join(words)}${end}`)
const headerLine = fc
  .tuple(
    fc.oneof(name, some(character, 4)),
    fc.constantFrom(...[': ', ':', ':\t '].flatMap((colon) => [colon, colon, colon, colon]), ' :', ' '),
    argument,
    lineEnd,
  )
  .map(join)
const message = fc
  .tuple(firstLine, fc.array(headerLine, { maxLength: 4 }), fc.constantFrom('\r\n', '\n'), emptyLines)
  .map(([first, headers, end, more]) => `${first}${join(headers)}${end}${more}`)

/** What ends a long message, about the cap, and what stands behind it. */
const ending = fc.constantFrom('\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n', '\r\n', '\n', '\r', '', '\r\r\n\r\n')
/** A message of about the longest that there may be, padded in one of its parts. */
const longMessage = fc
  .record({
    start: fc.constantFrom('PING\nNote: ', 'WRITE ', 'WRITE\r\nText:', 'A', 'PING\n', '\n\r\nPING\nNote: ', 'X: 1'),
    filler: fc.constantFrom(
      'x',
      ' ',
      ':',
      '\xc3\xa9',
      '\xf0\x9f\x9a\x81',
      'a:\n',
      'word ',
      '\t',
      '\xff',
      '\0',
      '\r',
      'a\n',
    ),
    about: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.constantFrom(-4000, 4000)),
    end: ending,
  })
  .map(({ start, filler, about, end }) => {
    const bytes = Math.max(CAP_BYTES + about - start.length - end.length, 0)
    return `${start}${filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes)}${end}`
  })
/** About as many headers as there may be, with a key twice or not. */
const manyHeaders = fc
  .tuple(fc.integer({ min: 62, max: 67 }), fc.nat({ max: 80 }), fc.constantFrom('\n', '\r\n'))
  .map(([count, wrap, end]) => {
    const keys = Array.from({ length: count }, (_, index) => `K${index % Math.max(wrap, 1)}: ${index}${end}`)
    return `PING${end}${join(keys)}${end}`
  })
/** Nothing but what decides about lines. */
const skeleton = some(fc.constantFrom('\r', '\n', '\r\n', 'A', ':', ' ', '\t'), 16)
const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const stranger = fc.constantFrom(
  ...['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'EHLO x\r\n', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ...[
    '\x16\x03\x01\x02\x00',
    '\xff\xf4\xff\xfd\x06',
    '\xef\xbb\xbfPING\r\n\r\n',
    '\x07\0\0\0\x02\x05HELLO',
    '\x01\0\x04PING',
  ],
)

const whole = fc
  .array(
    fc.oneof(
      { arbitrary: message, weight: 12 },
      { arbitrary: skeleton, weight: 2 },
      ...[manyHeaders, noise, stranger, longMessage],
    ),
    { maxLength: 8 },
  )
  .map(join)

/** What befalls a stream on its way: at a place, so many bytes are lost, and these come in. */
const accident = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  lost: fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(0, 64, 8192)),
  come: fc.oneof(character, lineEnd, fc.constantFrom('', '\r\n\r\n', '\n\n', 'Id: 7\n', '\0', '\r', '\xff')),
})
const mutated = fc.tuple(whole, fc.array(accident, { minLength: 1, maxLength: 4 })).map(([stream, accidents]) => {
  let text = stream
  for (const { at, lost, come } of accidents) {
    const place = Math.floor(at * text.length)
    text = text.slice(0, place) + come + text.slice(place + lost)
  }
  return text
})
/** The start of one stream, and then the rest of another. */
const spliced = fc
  .tuple(whole, whole, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([one, other, to, from]) => one.slice(0, to * one.length) + other.slice(from * other.length))

/** Any stream at all for the text wire. */
export const streams: fc.Arbitrary<Buffer> = fc
  .oneof({ arbitrary: whole, weight: 3 }, { arbitrary: mutated, weight: 3 }, spliced, longMessage)
  .map((text) => Buffer.from(text, 'latin1'))
