import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Address } from '../../src/server/address.ts'

/** Connects, with every write a segment of its own. */
export async function dial(address: Address): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

/** Everything that a socket receives until the other side ends. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** What a socket receives up to and with a text. */
export async function readUntil(socket: Socket, text: string): Promise<string> {
  let received = ''
  while (!received.includes(text)) received += String((await once(socket, 'data'))[0])
  return received
}

/** Sends chunks, each in a turn of its own, then FIN, as `nc -N` does; resolves to all that came back. */
export async function talk(address: Address, chunks: readonly Uint8Array[]): Promise<Buffer> {
  const socket = await dial(address)
  const answer = readAll(socket)
  for (const chunk of chunks) {
    if (socket.destroyed) break
    socket.write(chunk)
    await nextTurn()
  }
  socket.end()
  return answer
}
