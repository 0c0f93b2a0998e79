import type { Socket } from 'node:net'
import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

export interface CrowdOptions {
  readonly address: Address
  readonly count: number
  readonly localAddress: string
  readonly keptMs: number
}

/** Opens so many connections that say nothing and never close their half, some at a time, and keeps them for a while. */
export async function idleCrowd({ net }: Tools, { address, count, localAddress, keptMs }: CrowdOptions) {
  const atATime = 100
  const sockets: Socket[] = []
  const open = () =>
    new Promise<void>((resolve) => {
      const socket = net.connect({ ...address, localAddress, allowHalfOpen: true })
      sockets.push(socket)
      socket.on('error', () => resolve())
      socket.once('data', () => resolve())
      socket.resume()
    })
  while (sockets.length < count) {
    const some = Math.min(atATime, count - sockets.length)
    await Promise.all(Array.from({ length: some }, open))
  }
  await new Promise((resolve) => setTimeout(resolve, keptMs))
  for (const socket of sockets) socket.destroy()
  return { opened: sockets.length }
}
