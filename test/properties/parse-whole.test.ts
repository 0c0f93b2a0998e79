import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from '../../src/wire/format.ts'
import { MAX_MESSAGE_BYTES } from '../../src/wire/limits.ts'
import { Message } from '../../src/wire/message.ts'
import { parse } from '../../src/wire/parse.ts'
import { parseWhole } from '../../src/wire/parse-whole.ts'
import { Reader } from '../../src/wire/reader.ts'
import { arbitraryMessage } from '../support/arbitrary-message.ts'

/** All that a view shows. */
const shown = (message: Message) => ({
  plain: message.toPlain(),
  end: message.end,
  id: [message.idStart, message.idEnd],
  hash: message.commandHash,
  keys: Array.from({ length: message.headerCount }, (_, index) => message.keyHash(index)),
})

const quick = new Message()
const thorough = new Message()

/** Holds the quick way, wherever it takes a message, to what the thorough one says of it. Returns how often it took one. */
function compare(input: Uint8Array): number {
  let taken = 0
  for (let start = 0; start < input.length; start++) {
    if (!parseWhole(input, start, Math.min(input.length, start + MAX_MESSAGE_BYTES), quick)) continue
    taken++
    const reader = new Reader()
    reader.push(input.subarray(start))
    expect(reader.find()).toBe('message')
    expect(start + reader.end).toBe(quick.end)
    expect(parse(input, start, quick.end, thorough)).toBeUndefined()
    expect(shown(quick)).toEqual(shown(thorough))
    for (const limit of [quick.end - 1, quick.end - 2, start + 1])
      expect(parseWhole(input, start, limit, thorough)).toBe(false)
  }
  return taken
}

/** Of each fixture so many bytes, since each byte of them is where a message may start. */
const MAX_FIXTURE_BYTES = 1500

const FIXTURES = new URL('../../fixtures/', import.meta.url)
const filesIn = (folder: string) =>
  readdirSync(new URL(folder, FIXTURES)).map((name) => new URL(`${folder}${name}`, FIXTURES))

describe('what the quick parser takes, the thorough one takes for the same', () => {
  it('in all fixtures, from every byte on', () => {
    const files = [...filesIn('transcripts/'), ...filesIn('corpus/'), ...filesIn('scripts/')]
    const taken = files.map((file) => compare(readFileSync(file).subarray(0, MAX_FIXTURE_BYTES)))
    expect(taken.reduce((sum, count) => sum + count)).toBeGreaterThan(100)
  })

  it('in streams of pieces that are nearly messages', () => {
    const piece = fc.constantFrom(
      ...['MOVE', 'move 1 2', 'X: 10', 'x:1', 'Id: 7', 'ID:8', 'id:  a ', 'Note: é', ' ', '  ', '\t', ':', '\r', '\n'],
      ...[
        '\r\n',
        '\r\n\r\n',
        '\0',
        '\x7f',
        'A-_9: z',
        `${'k'.repeat(64)}: v`,
        `${'k'.repeat(65)}: v`,
        `${'C'.repeat(33)}`,
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => void compare(Buffer.from(pieces.join('')))),
      { numRuns: 3000 },
    )
  })

  it('in values that are long, with any byte anywhere in them', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x1f, 0x20, 0x7e, 0x7f, 0x80, 0x09, 0x0d, 0x0a))
    const odd = fc.array(fc.tuple(fc.nat(), byte), { maxLength: 3 })
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 140 }), odd, fc.nat(3), (length, oddities, before) => {
        const value = Buffer.alloc(length, 'v~ ')
        for (const [place, what] of oddities) value[place % length] = what
        const message = Buffer.concat([Buffer.from('MOVE\r\nX:'), value, Buffer.from('\r\n\r\n')])
        // Also where it does not begin with the memory that it is in.
        const bytes = Buffer.concat([Buffer.alloc(before), message, Buffer.alloc(1)]).subarray(before, -1)
        const isTaken = parseWhole(bytes, 0, bytes.length, quick)
        const isPlain = value.every((each) => (each >= 0x20 && each < 0x7f) || each === 0x09)
        if (isPlain) expect(isTaken).toBe(true)
        if (!isTaken) return
        expect(parse(bytes, 0, quick.end, thorough)).toBeUndefined()
        expect(shown(quick)).toEqual(shown(thorough))
      }),
      { numRuns: 3000 },
    )
  })

  it('and it takes every message that is as it should be, but for what is no ASCII', () => {
    fc.assert(
      fc.property(arbitraryMessage({ maxArguments: 20 }), (message) => {
        const bytes = format(message)
        const isAscii = bytes.every((byte) => byte < 0x80)
        expect(parseWhole(bytes, 0, bytes.length, quick)).toBe(isAscii)
      }),
    )
  })
})
