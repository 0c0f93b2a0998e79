import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

interface Wish {
  readonly address: Address
  readonly count: number
}

/** Shakes hands and leaves, some at once, so often. */
export async function handshakes({ tls }: Tools, { address, count }: Wish) {
  const AT_ONCE = 20
  let failed = 0
  let left = count
  const since = performance.now()
  const work = async () => {
    while (left-- > 0) {
      await new Promise<void>((resolve) => {
        const socket = tls.connect({ ...address, rejectUnauthorized: false })
        socket.once('data', () => socket.end())
        socket.once('error', () => failed++)
        socket.once('close', () => resolve())
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { failed, perSecond: (count / (performance.now() - since)) * 1000 }
}

/** Holds so many connections that are greeted and say nothing. */
export async function secureCrowd({ tls, ready, stopped }: Tools, { address, count }: Wish) {
  const AT_ONCE = 20
  let left = count
  const sockets: import('node:tls').TLSSocket[] = []
  const work = async () => {
    while (left-- > 0) {
      await new Promise<void>((resolve, reject) => {
        const socket = tls.connect({ ...address, rejectUnauthorized: false })
        sockets.push(socket)
        socket.once('data', () => resolve())
        socket.once('error', reject)
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  ready()
  await stopped
  for (const socket of sockets) socket.destroy()
  return {}
}
