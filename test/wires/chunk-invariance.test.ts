import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { cut } from '../support/cuttings.ts'
import { play } from '../support/play.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { changeColor, frame, framedAnswers, lengthOf, move, quit, wordOf, write } from './support/framed-client.ts'
import { at } from './support/start-wires.ts'
import { firstLine, headerOf, versioned, versionedAnswers } from './support/versioned-client.ts'

vi.setConfig({ testTimeout: 120_000 })

const RUNS = 500
const SOCKET_RUNS = 40
const MISTAKES_IN_A_ROW = 10

/** Some bytes, and the word that answers them once the handshake is over; what is fatal ends the session. */
interface Piece {
  readonly bytes: Buffer
  readonly word: string
  readonly fatal?: boolean
}

const good = (bytes: Buffer, word: string): Piece => ({ bytes, word })
const bad = (bytes: Buffer, word = 'PARSE'): Piece => ({ bytes, word })
const fatal = (bytes: Buffer, word: string): Piece => ({ bytes, word, fatal: true })

const i32 = fc.oneof(fc.integer(), fc.constantFrom(0, -1, -2147483648, 2147483647))
const byte = fc.nat({ max: 255 })
const letters = fc.stringMatching(/^[a-zäß€ ]{1,60}$/)

const FRAMED: fc.Arbitrary<Piece> = fc.oneof(
  fc.tuple(i32, i32).map(([x, y]) => good(move(x, y), `MOVING_TO(${x}, ${y})`)),
  fc.tuple(byte, byte, byte).map(([r, g, b]) => good(changeColor(r, g, b), `COLOR_CHANGED(${r}, ${g}, ${b})`)),
  letters.map((text) => good(write(text), 'WRITTEN')),
  fc.constantFrom(
    bad(frame(Buffer.of())),
    bad(frame(Buffer.of(1, 2, 3))),
    bad(frame(Buffer.of(2, 9, 65))),
    bad(frame(Buffer.of(0, 0))),
    bad(frame(Buffer.alloc(8192, 9))),
    bad(write(''), 'OUT_OF_RANGE'),
    bad(write('\u202e'), 'BAD_ARGUMENT'),
  ),
  fc.constantFrom(
    fatal(quit(), 'BYE'),
    fatal(lengthOf(8193), 'MESSAGE_TOO_BIG'),
    fatal(write(Buffer.of(65, 0xff)), 'INVALID_UTF8'),
  ),
)

const VERSIONED: fc.Arbitrary<Piece> = fc.oneof(
  fc.tuple(i32, i32).map(([x, y]) => good(versioned(`MOVE ${x} ${y}`), `OK MOVING_TO(${x}, ${y})`)),
  letters.map((text) => good(versioned(`WRITE\r\nText: x${text}`), 'OK WRITTEN')),
  fc.constantFrom(
    good(versioned('PING\n\n'), 'OK PONG'),
    good(versioned(`PING\nNote: ${'x'.repeat(8000)}`), 'OK PONG'),
    good(versioned('STATUS\nId: 7'), 'OK STATUS'),
  ),
  fc.constantFrom(
    bad(versioned(''), 'ERR PARSE'),
    bad(versioned('PING\n\nPING'), 'ERR PARSE'),
    bad(versioned('FLY'), 'ERR UNKNOWN_COMMAND'),
    bad(versioned('HELLO'), 'ERR WRONG_STATE'),
  ),
  fc.constantFrom(
    fatal(versioned('exit'), 'OK BYE'),
    fatal(headerOf(8193), 'ERR MESSAGE_TOO_BIG'),
    fatal(versioned('PING', 2), 'ERR VERSION_UNSUPPORTED'),
    fatal(versioned('PING\0'), 'ERR PARSE'),
  ),
)

const WIRES = [
  {
    wire: 'framed',
    piece: FRAMED,
    hello: write('HELLO'),
    start: ['AUTH_OK'],
    tooMany: 'TOO_MANY_ERRORS',
    wordsIn: (bytes: Buffer) => framedAnswers(bytes).map(wordOf),
  },
  {
    wire: 'versioned',
    piece: VERSIONED,
    hello: versioned('HELLO'),
    start: ['OK READY', 'OK AUTH_OK'],
    tooMany: 'ERR TOO_MANY_ERRORS',
    wordsIn: (bytes: Buffer) => versionedAnswers(bytes).map((answer) => firstLine(answer) ?? ''),
  },
] as const

/** What answers the pieces of an authenticated session (section 4). */
function wordsFor(pieces: readonly Piece[], tooMany: string): string[] {
  const words: string[] = []
  let mistakes = 0
  for (const { word, fatal = false } of pieces) {
    const mistaken = /PARSE|OUT_OF_RANGE|BAD_ARGUMENT|UNKNOWN_COMMAND|WRONG_STATE/.test(word) && !fatal
    mistakes = mistaken ? mistakes + 1 : 0
    words.push(mistakes === MISTAKES_IN_A_ROW ? tooMany : word)
    if (fatal || mistakes === MISTAKES_IN_A_ROW) break
  }
  return words
}

const cuts = fc.array(fc.nat({ max: 2000 }), { maxLength: 10 }).map((places) => places.toSorted((a, b) => a - b))
const asHex = (bytes: Buffer) => bytes.toString('hex')
const all = (pieces: readonly Piece[]) => Buffer.concat(pieces.map(({ bytes }) => bytes))

describe.each(WIRES)(
  'a stream of good and bad frames on the $wire wire',
  ({ wire, piece, hello, start, tooMany, wordsIn }) => {
    const pieces = fc.array(piece, { maxLength: 30 })

    it('is answered as each frame deserves, however it is cut into reads (F5)', async () => {
      const property = fc.asyncProperty(pieces, cuts, async (stream, places) => {
        const input = Buffer.concat([hello, all(stream)])
        expect(wordsIn(await play(cut(input, places), { wire }))).toEqual([...start, ...wordsFor(stream, tooMany)])
      })
      await fc.assert(property, { numRuns: RUNS })
    })

    it('is answered with the same bytes whole, cut anywhere and byte by byte, with other bytes among it (F5)', async () => {
      const junk = fc.uint8Array({ maxLength: 12 }).map((bytes) => ({ bytes: Buffer.from(bytes) }))
      const stream = fc.array(fc.oneof({ arbitrary: piece, weight: 9 }, { arbitrary: junk, weight: 1 }), {
        maxLength: 12,
      })
      const property = fc.asyncProperty(fc.boolean(), stream, cuts, async (greeted, parts, places) => {
        const input = Buffer.concat([...(greeted ? [hello] : []), ...parts.map(({ bytes }) => bytes)])
        const whole = asHex(await play([input], { wire }))
        expect(asHex(await play(cut(input, places), { wire }))).toBe(whole)
        expect(asHex(await play(cut(input, [...input.keys()]), { wire }))).toBe(whole)
      })
      await fc.assert(property, { numRuns: RUNS })
    })

    it('is answered over a socket as each frame deserves, however it is cut into segments (F5)', async () => {
      const { server } = await startServer()
      const { port } = await server.listen({ ...at(0), wire })
      const property = fc.asyncProperty(pieces, cuts, async (stream, places) => {
        const input = Buffer.concat([hello, all(stream)])
        const answer = await talk(at(port), cut(input, places))
        expect(wordsIn(answer)).toEqual([...start, ...wordsFor(stream, tooMany)])
      })
      await fc.assert(property, { numRuns: SOCKET_RUNS })
    })
  },
)
