import { describe, expect, it } from 'vitest'
import { talk } from '../support/talk.ts'
import { changeColor, dialFramed, move, ok, wordOf, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'

const I32_MIN = -2147483648
const I32_MAX = 2147483647
const TAB = 0x09
const DEL = 0x7f

/** The answer to a message, and what STATUS over the text wire says then. */
async function afterwards(message: Buffer) {
  const { framed, text } = await startWires()
  const client = await dialFramed(framed)
  const [, answer] = await client.finish(write('HELLO'), message)
  const status = String(await talk(at(text), [Buffer.from('HELLO\n\nSTATUS\n\nPING\n\n')])).split('\r\n\r\n')
  return { answer, status: status[2] ?? '', end: status.slice(3) }
}

describe('a Move', () => {
  it.each([
    [0, 0],
    [-1, -256],
    [I32_MIN, I32_MAX],
    [I32_MAX, I32_MIN],
    [0x01020304, -0x01020304],
  ])('takes each i32 as it is: %i, %i', async (x, y) => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    expect(await client.finish(write('HELLO'), move(x, y))).toEqual([ok('AUTH_OK'), ok(`MOVING_TO(${x}, ${y})`)])
  })
})

describe('a ChangeColor', () => {
  it.each([
    [0, 0, 0],
    [255, 255, 255],
    [1, 128, 254],
  ])('takes each byte as it is: %i, %i, %i', async (r, g, b) => {
    const { answer, status } = await afterwards(changeColor(r, g, b))
    expect(answer).toEqual(ok(`COLOR_CHANGED(${r}, ${g}, ${b})`))
    expect(status).toContain(`\r\nR: ${r}\r\nG: ${g}\r\nB: ${b}`)
  })
})

describe('a Write', () => {
  it.each(['x', 'x'.repeat(255), `${'ä'.repeat(127)}!`, '世界 🚁', 'a\tb', 'inner  spaces', 'X: 1', 'OK', '__proto__'])(
    'takes its text as it is: %j',
    async (text) => {
      const { answer, status } = await afterwards(write(text))
      expect(answer).toEqual(ok('WRITTEN'))
      expect(status.split('\r\n').at(-1)).toBe(`Text: ${text}`)
    },
  )

  it('of no bytes is OUT_OF_RANGE, as on the text wire, and shows nothing', async () => {
    const { answer, status } = await afterwards(write(''))
    expect(answer).toEqual({
      ok: false,
      text: expect.stringMatching(/^OUT_OF_RANGE: .*\b1\.\.255 bytes.*got 0 bytes$/),
    })
    expect(status).not.toContain('Text:')
  })

  it.each(['\u0085', '\u009b', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff', 'a\ufeff'])(
    'of what could disturb a terminal is BAD_ARGUMENT (R4): %j',
    async (text) => {
      const { answer, status } = await afterwards(write(text))
      expect(answer && wordOf(answer)).toBe('BAD_ARGUMENT')
      expect(status).not.toContain('Text:')
    },
  )

  const controls = Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== TAB)
  it.each([...controls, DEL])(
    'of control character %i is BAD_ARGUMENT or does no harm to STATUS on the text wire (F6, R4)',
    async (code) => {
      const { answer, status, end } = await afterwards(write(`a${String.fromCharCode(code)}b`))
      expect(['BAD_ARGUMENT', 'WRITTEN']).toContain(answer && wordOf(answer))
      const [first, ...lines] = status.split('\r\n')
      expect(first).toBe('OK STATUS')
      for (const line of lines) expect(line).toMatch(/^[A-Z][A-Za-z]*: [ -~]+$/)
      expect(end).toEqual(['OK PONG', ''])
    },
  )

  it.each(['a\r\nState: landed', 'a\n\nOK PONG', 'a\r\n\r\nERR BUSY'])(
    'cannot put lines of its own into a reply on the text wire (R4): %j',
    async (text) => {
      const { status, end } = await afterwards(write(text))
      expect(status).toMatch(/^OK STATUS\r\n/)
      expect(status.match(/State: /g)).toHaveLength(1)
      expect(end).toEqual(['OK PONG', ''])
    },
  )
})
