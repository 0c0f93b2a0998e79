import fc from 'fast-check'
import { expect } from 'vitest'
import { format } from '../../src/wire/format.ts'
import { arbitraryMessage } from '../support/arbitrary-message.ts'
import { pieces } from '../support/chunkings.ts'
import { cut } from '../support/cuttings.ts'
import { readStream } from '../support/read-stream.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item, SEED, scale } from './item.ts'
import { judgeAll, repliesIn } from './support/judge.ts'
import { splitLines } from './support/split-lines.ts'

const CAP_BYTES = 8192

/** Commands whose replies neither the clock nor what others do can change, and mistakes. */
const COMMANDS = [
  ...['PING\r\n\r\n', 'PING\nId: a.b:c-1\n\n', '\r\n\n\r\nHELP MOVE\r\n\r\n', 'MOVE 10 -20\r\nSpeed: 3\r\n\r\n'],
  ...['WRITE  two  words \n\r\n', 'WRITE\r\nText: h\u00e9llo\r\nNote: \t\r\n\r\n', 'COLOR 1 2 3\n\n', 'HELLO\n\n'],
  ...['MVOE 1\n\n', 'PING\nX 1\n\n', 'PING\na: 1\nA: 2\n\n', 'MOVE 007 1\r\n\r\n', 'WRITE \x1b[A\n\n', 'PI\tNG\n\n'],
]
const command = fc.oneof(
  { arbitrary: fc.constantFrom(...COMMANDS).map((text) => Buffer.from(text)), weight: 3 },
  arbitraryMessage({ maxArguments: 4 }).map((message) => Buffer.from(format(message))),
)
const stream = fc
  .array(command, { minLength: 1, maxLength: 8 })
  .map((commands) => Buffer.concat([Buffer.from('HELLO\r\n\r\n'), ...commands]))

/** The stream in as many pieces as there are places, and one more; a place is taken modulo the length. */
const cutAt = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] =>
  cut(
    bytes,
    [...new Set(places.map((place) => place % bytes.length))].toSorted((a, b) => a - b),
  )

item(1, 'any valid stream, a byte a segment: the replies of one write (F5)', async (row) => {
  const { address } = await startServer()
  row.seed = SEED
  let streams = 0
  let bytes = 0
  const property = fc.asyncProperty(stream, async (whole) => {
    streams++
    bytes += whole.length
    expect(await talk(address, pieces(whole, 1))).toEqual(await talk(address, [whole]))
  })
  await fc.assert(property, { seed: SEED, numRuns: scale(400, 40) })
  row.figure = `${streams} streams, ${bytes} segments`
  row.limit = 'the same bytes'
})

item(2, 'a cut before, between and after each byte of CR LF CR LF (F1, F5)', async (row) => {
  const { address } = await startServer()
  const messages = [...COMMANDS.map((text) => text.replaceAll(/\r?\n/g, '\r\n')), ...'abcdef'].map((text) =>
    Buffer.from(text.length > 1 ? text : `PING\r\nId: ${text}\r\n\r\n`),
  )
  const behind = Buffer.from('PING\r\nId: behind\r\n\r\n')
  let cuts = 0
  for (const message of messages) {
    const whole = Buffer.concat([Buffer.from('HELLO\r\n\r\n'), message, behind])
    const wanted = await talk(address, [whole])
    expect(wanted.toString()).toContain('OK PONG\r\nId: behind\r\n\r\n')
    const end = whole.length - behind.length
    for (let at = end - 4; at <= end; at++) {
      expect(await talk(address, [whole.subarray(0, at), whole.subarray(at)])).toEqual(wanted)
      cuts++
    }
  }
  row.figure = `${messages.length} messages, ${cuts} cuts`
  row.limit = 'the same bytes'
})

const bytesWithLineEnds = fc
  .array(fc.oneof(fc.constantFrom(10, 10, 13, 0x41, 0x3a), fc.nat({ max: 255 })), { minLength: 2, maxLength: 120 })
  .map((bytes) => Uint8Array.from(bytes))
const anyPlaces = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 39 })

item(3, 'random bytes in 2 to 40 pieces, and streams over a socket (F5)', async (row) => {
  row.seed = SEED
  const numRuns = scale(100_000, 10_000)
  const reader = fc.property(bytesWithLineEnds, anyPlaces, (bytes, places) => {
    const found = readStream(cutAt(bytes, places))
    const wanted = splitLines(Buffer.from(bytes).toString('latin1'))
    if (found.end !== wanted.end || found.messages.join('|') !== wanted.messages.join('|'))
      expect(found).toEqual(wanted)
  })
  fc.assert(reader, { seed: SEED, numRuns })
  const { address } = await startServer()
  const socketRuns = scale(500, 50)
  const server = fc.asyncProperty(stream, anyPlaces, async (whole, places) => {
    expect(await talk(address, cutAt(whole, places))).toEqual(await talk(address, [whole]))
  })
  await fc.assert(server, { seed: SEED, numRuns: socketRuns })
  row.figure = `${numRuns} streams as an oracle has them, ${socketRuns} over a socket`
  row.limit = 'no difference'
})

/** A PING of so many bytes, its empty line included. */
const pingOf = (bytes: number, lineEnd = '\r\n'): string => {
  const [begin, end] = [`PING${lineEnd}Note: `, lineEnd + lineEnd]
  return begin + 'x'.repeat(bytes - begin.length - end.length) + end
}

item(4, 'messages of 8191 and 8192 bytes, the empty line included: taken (F3)', async (row) => {
  const { address } = await startServer()
  const sizes = [CAP_BYTES - 1, CAP_BYTES]
  await judgeAll(row, address, { OK: sizes.flatMap((bytes) => [pingOf(bytes), pingOf(bytes, '\n')]) })
})

item(5, 'a message of 8193 bytes: MESSAGE_TOO_BIG, however it is cut (F3, F5)', async (row) => {
  const { address } = await startServer()
  const tooBig = Buffer.from(`HELLO\r\n\r\n${pingOf(CAP_BYTES + 1)}PING\r\n\r\n`)
  const wanted = await talk(address, [tooBig])
  expect(repliesIn(wanted.toString()).map((reply) => reply.split('\r\n')[0])).toEqual([
    'OK READY',
    'OK AUTH_OK',
    'ERR MESSAGE_TOO_BIG',
  ])
  const sizes = [1, 2, 3, 7, 64, 1000, 4096, 8191, 8192, 8193, 8194]
  for (const size of sizes) expect(await talk(address, pieces(tooBig, size))).toEqual(wanted)
  row.figure = `${sizes.length + 1} cuttings`
  row.limit = 'fatal MESSAGE_TOO_BIG, the same bytes'
})

item(6, 'the empty line straddles the cap: taken up to 8192 bytes in all (F3)', async (row) => {
  const { address } = await startServer()
  const endings = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => pingOf(from + index + 4))
  await judgeAll(row, address, { OK: endings(8186, 8188), 'fatal MESSAGE_TOO_BIG': endings(8189, 8193) })
})

item(8, 'header lines without end: MESSAGE_TOO_BIG at byte 8193, and not before (F3, F6)', async (row) => {
  const { join } = await startScene()
  const [{ pilot, peer }, { pilot: other }] = [await join(), await join()]
  const lines = 'PING\r\n'.concat('a: b\r\n'.repeat(CAP_BYTES)).slice(0, CAP_BYTES)
  pilot.send(lines)
  await until(() => peer.bytesRead === CAP_BYTES)
  await other.ask('PING\n\n', 'OK PONG')
  expect(pilot.replies).toEqual(['OK READY'])
  pilot.send(':')
  await pilot.ended
  expect(pilot.replies).toEqual(['OK READY', 'ERR MESSAGE_TOO_BIG'])
  row.figure = `${CAP_BYTES} bytes without a word, and then one more`
  row.limit = 'fatal MESSAGE_TOO_BIG'
})
