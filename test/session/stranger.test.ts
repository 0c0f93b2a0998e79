import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { isHttp } from '../../src/session/stranger.ts'
import { Message } from '../../src/wire/message.ts'
import { parse } from '../../src/wire/parse.ts'

const table = new CommandTable(COMMANDS)

function looksLikeHttp(text: string): boolean {
  const message = new Message()
  const bytes = Buffer.from(text, 'latin1')
  const fault = parse(bytes, 0, bytes.length, message)
  return isHttp(message, fault === undefined, table)
}

describe('takes for HTTP (F8)', () => {
  it.each([
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /fly HTTP/1.0\n\n',
    'PRI * HTTP/2.0\r\n\r\n',
    'get   /   HTTP/1.1  \n\n',
    'MOVE /a HTTP/1.1\nDestination: /b\n\n',
    'move http://127.0.0.1/a HTTP/1.1\n\n',
    'GET / HTTP/1.1\nno header line\n\n',
    'GET / HTTP/1.1\na: 1\na: 2\n\n',
    'GET /\x01 HTTP/1.1\n\n',
    'M-SEARCH * HTTP/1.1\n\n',
    '123 / HTTP/1.1\n\n',
    'GET /a\rb HTTP/1.1\r\n\r\n',
    'GET \r HTTP/1.1\n\n',
    'GET /\xff HTTP/1.1\n\n',
  ])('%j', (text) => {
    expect(looksLikeHttp(text)).toBe(true)
  })
})

describe('does not take for HTTP', () => {
  it.each([
    'MOVE 1 HTTP/1.1\n\n',
    'MOVE 10 20\n\n',
    'PING / HTTP/1.1\n\n',
    'EXIT / HTTP/1.1\n\n',
    'WRITE GET HTTP/1.1\n\n',
    'GET / HTTP/1.1 extra\n\n',
    'GET HTTP/1.1\n\n',
    'GET / HTTP/x\n\n',
    'GET / x\rHTTP/1.1\n\n',
    'GET\r/ HTTP/1.1\n\n',
    'GET / XHTTP/1.1\n\n',
    'FLY\nNote: GET / HTTP/1.1\n\n',
  ])('%j', (text) => {
    expect(looksLikeHttp(text)).toBe(false)
  })
})
