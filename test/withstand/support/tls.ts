import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Address } from '../../../src/server/address.ts'
import type { ServerOptions } from '../../../src/server/options.ts'
import type { Server } from '../../../src/server/server.ts'
import { certificates } from '../../support/certificates.ts'
import { startServer } from '../../support/start-server.ts'

/** A server that speaks TLS on a free port of loopback, and plain text on another. */
export async function startTls({ tls, ...options }: Partial<ServerOptions> = {}): Promise<{
  readonly server: Server
  readonly address: Address
  readonly plain: Address
}> {
  const { server, address: plain } = await startServer({ tls: tls ?? certificates().server, ...options })
  const place = await server.listen({ host: '127.0.0.1', port: 0, tls: true })
  if (!('port' in place)) throw new Error('it listens elsewhere')
  return { server, address: place, plain }
}

export const secured = ({ host, port }: Address, options: ConnectionOptions = {}): TLSSocket => {
  const socket = connect({ host, port, ca: certificates().ca, servername: 'localhost', ...options })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return socket
}

/** How a conversation went: what came, and the code of the error that ended it. */
export interface Ending {
  readonly received: string
  readonly error: string | undefined
}

/** Says something as soon as it may, and listens until the end. */
export async function converse(socket: Socket, script: string): Promise<Ending> {
  let received = ''
  let error: string | undefined
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    error ??= code ?? message
  })
  socket.write(script)
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
  return { received, error }
}

/** Resolves once a text has come. */
export async function hears(socket: Socket, text: string): Promise<string> {
  let received = ''
  while (!received.includes(text)) received += String((await once(socket, 'data'))[0])
  return received
}

/** A ClientHello with a server name of so many bytes, made by hand: no client of ours sends such. */
export function helloFor(nameBytes: number): Buffer {
  const u16 = (n: number) => Buffer.from([n >> 8, n & 0xff])
  const sized = (bytes: Buffer) => Buffer.concat([u16(bytes.length), bytes])
  const name = Buffer.concat([Buffer.from([0]), sized(Buffer.alloc(nameBytes, 'a'))])
  const extensions = sized(Buffer.concat([u16(0), sized(sized(name))]))
  const start = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0])])
  const body = Buffer.concat([start, sized(u16(0x1301)), Buffer.from([1, 0]), extensions])
  const handshake = Buffer.concat([Buffer.from([1, 0]), sized(body)])
  return Buffer.concat([Buffer.from([0x16, 3, 1]), sized(handshake)])
}
