import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { cutLines, isTooLong } from '../../src/cli/shell/cut-lines.ts'
import { pieces } from '../support/chunkings.ts'

const cut = async (chunks: Iterable<Uint8Array>): Promise<string> =>
  String(await buffer(Readable.from(chunks).pipe(cutLines())))

it.each([
  { what: 'lines that are short', text: 'PING\r\n\nMOVE 1 2', wanted: 'PING\r\n\nMOVE 1 2' },
  { what: 'a line of 8192 bytes', text: `${'x'.repeat(8192)}\nb`, wanted: `${'x'.repeat(8192)}\nb` },
  { what: 'a longer line', text: `a\n${'x'.repeat(20_000)}\nb\n`, wanted: `a\n${'x'.repeat(8193)}\nb\n` },
  { what: 'a longer line at the end', text: 'x'.repeat(20_000), wanted: 'x'.repeat(8193) },
])('passes on, of $what, what a message may have room for, however it is cut', async ({ text, wanted }) => {
  for (const size of [1, 7, 8193, text.length]) expect(await cut(pieces(Buffer.from(text), size))).toBe(wanted)
})

it('keeps nothing of a line that is longer than any string can be', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x')
  const line = await cut(Array.from({ length: 600 }, () => megabyte))
  expect(line).toHaveLength(8193)
})

it.each([
  { line: 'x'.repeat(8192), wanted: false },
  { line: 'x'.repeat(8193), wanted: true },
  { line: 'ä'.repeat(4097), wanted: true },
])('knows a line that is too long by its bytes', ({ line, wanted }) => {
  expect(isTooLong(line)).toBe(wanted)
})
