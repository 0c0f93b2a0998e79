import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/wire/reader.ts'
import { chunkings, pieces } from '../support/chunkings.ts'
import { type Reading, type ReadOptions, readStream } from '../support/read-stream.ts'

const CAP_BYTES = 8192

/** What a reader makes of a text, the same in all chunkings. */
function read(text: string, options?: ReadOptions): Reading {
  const input = Buffer.from(text, 'latin1')
  const whole = readStream([input], options)
  for (const chunks of chunkings(input)) expect(readStream(chunks, options)).toEqual(whole)
  return whole
}

/** A message of so many bytes, its boundary included. */
const messageOf = (bytes: number, boundary = '\r\n\r\n') => 'A'.padEnd(bytes - boundary.length, 'a') + boundary

describe('Reader', () => {
  it.each([
    ['CR LF', 'PING\r\n\r\n'],
    ['a bare LF', 'PING\n\n'],
    ['CR LF, then a bare LF', 'PING\r\n\n'],
    ['a bare LF, then CR LF', 'PING\n\r\n'],
    ['both, within one message', 'MOVE\nX: 1\r\nY: 2\n\r\n'],
  ])('ends a message at the first empty line, where lines end with %s (F1, F2)', (_, text) => {
    expect(read(text)).toEqual({ messages: [text], end: 'between messages' })
  })

  it('cuts a stream into all of its messages (F1)', () => {
    const messages = ['A\r\n\r\n', 'B\nX: 1\n\n', 'C\r\nY: 2\r\nZ: 3\r\n\n']
    expect(read(messages.join(''))).toEqual({ messages, end: 'between messages' })
  })

  it.each(['A\r\r\n\r\n', 'A\r\n\r\r\n\r\n', 'A\n\r\r\r\n\r\n', 'A\r\nB\r\r\n\n'])(
    'takes a line that holds a CR before its CR LF for no empty line: %j (F2)',
    (text) => expect(read(text).messages).toEqual([text]),
  )

  it('leaves a lone CR to the parser, once the message is complete (F6)', () => {
    expect(read('\r\r\n\r\n').messages).toEqual(['\r\r\n\r\n'])
    expect(read('A\rB\r\n').end).toBe('within a message')
  })

  it.each(['\r\n', '\n', '\r\n\n\r\n\n', '\n\n\n\n\n'])('skips the empty lines %j between messages (F4)', (blank) => {
    const text = `${blank}A\r\n\r\n${blank}B\r\n\r\n${blank}`
    expect(read(text)).toEqual({ messages: ['A\r\n\r\n', 'B\r\n\r\n'], end: 'between messages' })
  })

  it('does not count the empty lines before a message towards its size (F4)', () => {
    const message = messageOf(CAP_BYTES)
    const blank = '\r\n'.repeat(CAP_BYTES)
    const input = Buffer.from(blank + message)
    for (const size of [1, 5, input.length]) expect(readStream(pieces(input, size)).messages).toEqual([message])
  })

  it.each(['\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n'])('takes 8191 and 8192 bytes that end with %j (F3)', (boundary) => {
    for (const bytes of [CAP_BYTES - 1, CAP_BYTES]) {
      const message = messageOf(bytes, boundary)
      expect(read(message)).toEqual({ messages: [message], end: 'between messages' })
    }
  })

  it.each(['\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n'])('refuses 8193 bytes that end with %j (F3)', (boundary) => {
    expect(read(messageOf(CAP_BYTES + 1, boundary))).toEqual({ messages: [], end: 'MESSAGE_TOO_BIG' })
  })

  it.each([
    ['one line', 'A'.repeat(CAP_BYTES + 1)],
    ['many lines', 'a: b\r\n'.repeat(CAP_BYTES).slice(0, CAP_BYTES + 1)],
    ['nothing but CR', '\r'.repeat(CAP_BYTES + 1)],
  ])('refuses byte 8193 of %s without a boundary, and not the byte before it (F3)', (_, text) => {
    expect(read(text.slice(0, CAP_BYTES)).end).toBe('within a message')
    expect(read(text).end).toBe('MESSAGE_TOO_BIG')
  })

  it('caps the message and not what is received at once (F3)', () => {
    const messages = Array.from({ length: 3 }, () => messageOf(CAP_BYTES))
    const small = Array.from({ length: 5000 }, () => 'PING\n\n')
    const input = Buffer.from([...messages, ...small].join(''))
    expect(readStream([input]).messages).toEqual([...messages, ...small])
  })

  it('delivers what stood before a message that is too big (F3)', () => {
    expect(read(`A\n\n${messageOf(CAP_BYTES + 1)}`)).toEqual({ messages: ['A\n\n'], end: 'MESSAGE_TOO_BIG' })
  })

  it.each(['A', 'A\r\n', 'A\r\nX: 1\r\n\r', '\r', '\n\nA'])('knows %j for an unfinished message (F7)', (text) => {
    expect(read(text)).toEqual({ messages: [], end: 'within a message' })
  })

  it.each(['', '\r\n', '\n\n\r\n', 'A\n\n\r\n'])('knows that nothing has begun after %j (F7)', (text) => {
    expect(read(text).end).toBe('between messages')
  })

  it('takes a line of white space for no empty line (section 3)', () => {
    expect(read('A\r\n \r\n\t\r\n\r\n').messages).toEqual(['A\r\n \r\n\t\r\n\r\n'])
  })
})

describe('Reader with strictCrlf', () => {
  const strictCrlf = true

  it('takes lines that end with CR LF (F2)', () => {
    const messages = ['A\r\nX: 1\r\n\r\n', 'B\r\n\r\n']
    expect(read(`\r\n${messages.join('\r\n')}`, { strictCrlf })).toEqual({ messages, end: 'between messages' })
  })

  it.each(['A\n', '\n', '\r\n\n', 'A\r\n\n', 'A\r\nX: 1\n', '\r\r\n\n'])('refuses the bare LF of %j (F2)', (text) => {
    expect(read(text.slice(0, -1), { strictCrlf }).end).not.toBe('BARE_LF')
    expect(read(text, { strictCrlf })).toEqual({ messages: [], end: 'BARE_LF' })
  })

  it('delivers what stood before a bare LF, and nothing behind it (F2)', () => {
    const reading = read('A\r\n\r\nB\r\n\nC\r\n\r\n', { strictCrlf })
    expect(reading).toEqual({ messages: ['A\r\n\r\n'], end: 'BARE_LF' })
  })

  it('does not take a CR of the message before for that of a bare LF (F2)', () => {
    expect(read('A\r\n\r\n\n', { strictCrlf }).end).toBe('BARE_LF')
  })

  it.each([
    [CAP_BYTES, 'BARE_LF'],
    [CAP_BYTES + 1, 'MESSAGE_TOO_BIG'],
  ])('calls a bare LF that is byte %i of its message %s (F2, F3)', (bytes, end) => {
    expect(read(`${'A'.repeat(bytes - 1)}\n`, { strictCrlf }).end).toBe(end)
  })
})

it('reads a message in place where it lies whole in what was received', () => {
  const input = Buffer.from('\r\nA\r\n\r\nB')
  const reader = new Reader()
  reader.push(input)
  expect([reader.find(), reader.bytes === input, reader.start, reader.end]).toEqual(['message', true, 2, 7])
})
