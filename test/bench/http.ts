import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HTTP_DATE, HTTP_KEEP_ALIVE_S } from './servers.ts'

// A program: the same MOVE over node:http, as headers of a POST that is kept alive and may be pipelined.

const BACKLOG = 4096
const MS_PER_S = 1000

const server = createServer((request, response) => {
  const { x, y, id } = request.headers
  if (request.method !== 'POST' || request.url !== '/move' || !isInteger(x) || !isInteger(y)) {
    response.writeHead(400, { 'Content-Length': 0 }).end()
    return
  }
  const headers = {
    'Moving-To': `${x}, ${y}`,
    'Content-Length': 0,
    ...(id === undefined ? {} : { Id: id }),
    Date: HTTP_DATE,
  }
  response.writeHead(200, headers).end()
})
server.keepAliveTimeout = HTTP_KEEP_ALIVE_S * MS_PER_S
server.requestTimeout = 0
server.maxRequestsPerSocket = 0
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  process.stderr.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`)
})
process.on('SIGTERM', () => process.exit())

const isInteger = (value: string | string[] | undefined): boolean => Number.isInteger(Number(value))
