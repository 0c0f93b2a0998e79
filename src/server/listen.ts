import { createServer, type Server, type Socket } from 'node:net'
import type { Address } from './address.ts'

/** After how long without traffic the kernel asks whether the peer is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000

/** Listens at an address. Rejects where that cannot be done. */
export function bind({ host, port }: Address, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({
    // A script that ends with FIN still gets every reply (F7).
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  })
  server.on('connection', onConnection)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** Where it listens, with the port that was found. */
export function addressOf(server: Server): Address {
  const { address, port } = server.address() as { address: string; port: number }
  return { host: address, port }
}
