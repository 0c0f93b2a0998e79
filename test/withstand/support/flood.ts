import { once } from 'node:events'
import { connect, type TcpNetConnectOpts } from 'node:net'

const BLOCK_BYTES = 64 * 1024

export interface Flood {
  /** All that came back, as latin1. */
  readonly reply: string
  /** The server's FIN was seen: the reply was not lost to a reset. */
  readonly ended: boolean
  /** The bytes that the kernel took. */
  readonly sentBytes: number
}

/** Sends a beginning, and then the same over and over until there is so much of it or the connection is gone. */
export async function flood(to: TcpNetConnectOpts, begin: string, unit: string, bytes: number): Promise<Flood> {
  const socket = connect({ noDelay: true, allowHalfOpen: true, ...to })
  await once(socket, 'connect')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const found = { reply: '', ended: false }
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    found.reply += chunk.toString('latin1')
  })
  socket.on('end', () => {
    found.ended = true
  })
  const block = Buffer.from(unit.repeat(Math.ceil(BLOCK_BYTES / unit.length)), 'latin1')
  socket.write(begin)
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += block.length) {
    if (!socket.write(block)) await Promise.race([once(socket, 'drain').catch(() => {}), closed])
  }
  socket.end()
  await closed
  return { ...found, sentBytes: socket.bytesWritten }
}
