import { describe, expect, it } from 'vitest'
import { readScript } from '../../src/cli/script/script.ts'

const read = (text: string) => {
  const { messages, problem } = readScript(Buffer.from(text))
  return { messages: messages.map(({ line, bytes }) => [line, Buffer.from(bytes).toString()]), problem }
}

describe('a script as nc would send it', () => {
  it('is cut at its empty lines, and its bytes are left as they are', () => {
    expect(read('HELLO\n\n\r\nMOVE 1 2\r\nId: 7\r\n\r\nPING\n\n')).toEqual({
      messages: [
        [1, 'HELLO\n\n'],
        [4, 'MOVE 1 2\r\nId: 7\r\n\r\n'],
        [7, 'PING\n\n'],
      ],
      problem: undefined,
    })
  })

  it('keeps the mistakes that are in it', () => {
    expect(read('MOVE 1\nPING\n\n9LIVES\n\n').messages).toEqual([
      [1, 'MOVE 1\nPING\n\n'],
      [4, '9LIVES\n\n'],
    ])
  })

  it('tells where it ends within a message', () => {
    expect(read('PING\n\n\nMOVE 1 2\n').problem).toEqual({ line: 4, code: 'INCOMPLETE' })
    expect(read(`PING\n\nPING\nNote: ${'x'.repeat(9000)}\n\n`).problem).toEqual({ line: 3, code: 'MESSAGE_TOO_BIG' })
  })
})

describe('a script of one command a line', () => {
  it.each([
    ['with comments', '# up\nHELLO\n\n  MOVE 1 2  \n# wait\nWAIT\n', [2, 4, 6]],
    ['without an empty line', 'HELLO\r\nMOVE 1 2\nWAIT', [1, 2, 3]],
  ])('%s', (_, text, lines) => {
    const messages = ['HELLO', 'MOVE 1 2', 'WAIT'].map((command, index) => [lines[index], `${command}\r\n\r\n`])
    expect(read(text)).toEqual({ messages, problem: undefined })
  })

  it('keeps UTF-8 as it is', () => {
    expect(read('WRITE grüße').messages).toEqual([[1, 'WRITE grüße\r\n\r\n']])
  })
})

it('may be empty', () => {
  expect(read('')).toEqual({ messages: [], problem: undefined })
  expect(read('\n\n\n')).toEqual({ messages: [], problem: undefined })
})
