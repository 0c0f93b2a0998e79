import fc from 'fast-check'

// Streams for the two wires of frames: good frames, and all that can go wrong with them.

const CAP_BYTES = 8192
export const FRAMED_TOKEN = 's3cret'

/** A frame of the framed wire. */
const framed = (payload: Uint8Array, by = 0): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(Math.max(payload.length + by, 0))
  return Buffer.concat([length, payload])
}
const i32 = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)))
const text = fc.oneof(
  { arbitrary: fc.constantFrom('HELLO', FRAMED_TOKEN).map((word) => Buffer.from(word)), weight: 3 },
  fc.string({ unit: 'binary', maxLength: 20 }).map((word) => Buffer.from(word)),
  fc
    .constantFrom('\n', '\r\n\r\n', '\0', '\u0085', '\u2028', '\ufeff', 'x'.repeat(255))
    .map((word) => Buffer.from(word)),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
)
const move = fc.tuple(i32, i32).map(([x, y]) => {
  const payload = Buffer.alloc(9, 1)
  payload.writeInt32LE(x, 1)
  payload.writeInt32LE(y, 5)
  return payload
})
const write = text.map((bytes) => Buffer.concat([Buffer.from([2, bytes.length]), bytes]))
const color = fc.uint8Array({ minLength: 3, maxLength: 3 }).map((rgb) => Buffer.from([3, ...rgb]))
const broken = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 10 })).map(([first, bytes]) => Buffer.alloc(bytes, first)),
  fc.constantFrom(CAP_BYTES - 1, CAP_BYTES, CAP_BYTES + 1).map((bytes) => Buffer.alloc(bytes, 3)),
)
const handshake = fc
  .constantFrom('HELLO', FRAMED_TOKEN)
  .map((word) => framed(Buffer.from(`\x02${String.fromCharCode(word.length)}${word}`)))
const frame = fc.oneof(
  { arbitrary: fc.oneof(move, write, color).map((payload) => framed(payload)), weight: 40 },
  { arbitrary: broken.map((payload) => framed(payload)), weight: 8 },
  { arbitrary: fc.constant(framed(Buffer.of(0))), weight: 1 },
  {
    arbitrary: fc.tuple(fc.oneof(move, write), fc.integer({ min: -2, max: 2 })).map(([p, by]) => framed(p, by)),
    weight: 2,
  },
  { arbitrary: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
)

const STRANGERS = [
  'GET / HTTP/1.1\r\n\r\n',
  'HELLO\n\n',
  '\x16\x03\x01\x02\0\x01',
  '\x01\0\x05HELLO',
  '\x07\0\0\0\x02\x05HELLO',
  'A',
  '\x16\x03',
]
const stranger = fc.constantFrom(...STRANGERS).map((bytes) => Buffer.from(bytes, 'latin1'))

/** A stream whose bytes are now and then not those that were sent. */
const damaged = (stream: fc.Arbitrary<Buffer>) =>
  fc
    .tuple(
      stream,
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 255 })), { maxLength: 2 }),
    )
    .map(([bytes, places]) => {
      const copy = Buffer.from(bytes)
      for (const [at, byte] of places) if (copy.length > 0) copy[Math.floor(at * (copy.length - 1))] = byte
      return copy
    })
const concat = (parts: readonly Uint8Array[]) => Buffer.concat(parts)

const framedSession = fc
  .tuple(fc.oneof(handshake, frame), fc.array(frame, { maxLength: 16 }))
  .map(([first, rest]) => concat([first, ...rest]))
export const framedStreams: fc.Arbitrary<Buffer> = fc.oneof(
  { arbitrary: framedSession, weight: 8 },
  { arbitrary: damaged(framedSession), weight: 4 },
  { arbitrary: fc.tuple(stranger, framedSession).map(concat), weight: 1 },
)

/** A frame of the versioned wire. */
export const versioned = (content: Uint8Array, version = 1, length = content.length): Buffer => {
  const header = Buffer.from([version, 0, 0])
  header.writeUInt16BE(length, 1)
  return Buffer.concat([header, content])
}
/** A stream of any frames of the versioned wire, with any content; `content` are those that make some sense. */
export const versionedStreams = (content: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> => {
  const any = fc.oneof(
    { arbitrary: content.map((bytes) => versioned(bytes)), weight: 20 },
    {
      arbitrary: fc
        .constantFrom('', '\n', 'PING\n\nPING', 'PING\n\n\n', '\r', 'PING\r', 'é\0')
        .map((it) => versioned(Buffer.from(it))),
      weight: 4,
    },
    fc.uint8Array({ maxLength: 12 }).map((bytes) => versioned(bytes)),
    fc.constantFrom(CAP_BYTES, CAP_BYTES + 1).map((bytes) => versioned(Buffer.alloc(bytes, 'PING '))),
    fc
      .tuple(content, fc.nat({ max: 255 }), fc.nat({ max: 0xffff }))
      .map(([bytes, version, length]) => versioned(bytes, version, length)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  )
  const session = fc.array(any, { maxLength: 16 }).map((frames) => concat([versioned(Buffer.from('HELLO')), ...frames]))
  return fc.oneof(
    { arbitrary: session, weight: 6 },
    { arbitrary: damaged(session), weight: 3 },
    { arbitrary: fc.tuple(stranger, session).map(concat), weight: 1 },
  )
}
