import { type AddressInfo, createServer } from 'node:net'

// A program: the bare echo, which is what node:net itself can do.

const BACKLOG = 4096

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => socket.write(chunk))
  socket.on('error', () => {})
})
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  process.stderr.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`)
})
process.on('SIGTERM', () => process.exit())
