import { describe, expect, it } from 'vitest'
import { parsed } from '../support/parsed.ts'

const MAX_ID_BYTES = 64
const MAX_HEADERS = 64

/** The Id that replies to a message may echo. */
function idOf(text: string): string | undefined {
  const { message } = parsed(text)
  return message.hasGoodId() ? message.text(message.idStart, message.idEnd) : undefined
}

describe('Message', () => {
  it.each([
    ['as its only header', 'A\nId: 7'],
    ['in any case', 'A\niD: 7'],
    ['before other headers', 'A\nId: 7\nX: 1'],
    ['after other headers', 'A\nX: 1\nId: 7'],
    ['in white space', 'A\nId: \t7\t '],
    ['below a bad first line', '1 2 3\nId: 7'],
    ['before a bad line', 'A\nId: 7\nX'],
    ['after a bad line', 'A\nX\nId: 7'],
    ['behind 64 other headers', `A\n${Array.from({ length: MAX_HEADERS }, (_, i) => `H${i}: 1\n`).join('')}Id: 7`],
    ['in a message with a key given twice', 'A\nX: 1\nX: 2\nId: 7'],
  ])('finds the Id %s (R2)', (_, text) => expect(idOf(text)).toBe('7'))

  it.each(['7', 'a', 'Z', '.', '_', ':', '-', 'A-z_0.9:', 'x'.repeat(MAX_ID_BYTES)])('takes the Id %j (R2)', (id) => {
    expect(idOf(`A\nId: ${id}`)).toBe(id)
  })

  it.each(['', 'a b', 'é', '/', '@', '[', '`', '{', ';', ',', '"', '+', 'x'.repeat(MAX_ID_BYTES + 1)])(
    'does not take the Id %j (R2)',
    (id) => {
      expect(parsed(`A\nId: ${id}`).fault).toBeUndefined()
      expect(idOf(`A\nId: ${id}`)).toBeUndefined()
    },
  )

  it.each(['A', 'A\nIdd: 7', 'A\nI: 7', 'A\nX-Id: 7', 'Id 7', 'A Id: 7'])('has no Id in %j (R2)', (text) => {
    expect(parsed(text).message.idStart).toBe(-1)
    expect(idOf(text)).toBeUndefined()
  })

  it('does not remember the Id of the message before', () => {
    const { message } = parsed('A\nId: 7')
    message.clear(message.bytes)
    expect([message.idStart, message.hasGoodId()]).toEqual([-1, false])
  })

  it('copies the Id for a reply that comes when the message is gone (R2)', () => {
    const { message } = parsed('A\nId: a-1')
    const { bytes, idStart, idEnd } = message.copyId()
    message.bytes.fill(0)
    expect(Buffer.from(bytes.subarray(idStart, idEnd)).toString()).toBe('a-1')
    expect(parsed('A').message.copyId().idStart).toBe(-1)
  })

  it('counts all headers of a message, beyond the most that it may have (G2)', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `H${i}: 1`)
    expect(parsed(['A', ...lines].join('\n')).message.headerCount).toBe(lines.length)
  })

  it('counts all arguments of a message', () => {
    const words = Array.from({ length: 100 }, (_, i) => `${i}`)
    expect(parsed(`A ${words.join(' ')}`).message.argumentCount).toBe(words.length)
  })

  it('says where the last argument ends, and not where the line does', () => {
    const { message } = parsed('WRITE a  b   ')
    expect(message.text(message.argumentStart(0), message.firstLineEnd)).toBe('a  b')
    expect(message.firstLineRest).toBe('a  b')
    expect(parsed('WRITE   ').message.firstLineRest).toBe('')
  })

  it('tells where a line without a colon stands, where that is the mistake (G1)', () => {
    const { message } = parsed('MOVE 1 2\nPING')
    expect(message.text(message.strayLine, message.strayLine + 4)).toBe('PING')
    expect(parsed('MOVE 1 2\nX : 1\nPING').message.strayLine).toBe(-1)
  })

  it('turns into plain values, with every argument and header', () => {
    expect(parsed('MOVE 1 é\nSpeed: 5\nNote: a  b').message.toPlain()).toEqual({
      command: 'MOVE',
      arguments: ['1', 'é'],
      headers: [
        ['Speed', '5'],
        ['Note', 'a  b'],
      ],
    })
  })

  it.each([16, 17, 40])(
    'turns into plain values with %i arguments, of which the grammar has no most (section 3)',
    (count) => {
      const words = Array.from({ length: count }, (_, i) => `w${i}`)
      expect(parsed(`WRITE ${words.join(' ')}`).message.toPlain().arguments).toEqual(words)
    },
  )

  it('keeps a byte order mark, which is a character like any other here', () => {
    expect(parsed('A\nX: \ufeffa').message.toPlain().headers).toEqual([['X', '\ufeffa']])
  })
})
