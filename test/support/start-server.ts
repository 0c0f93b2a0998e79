import { onTestFinished } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { Server } from '../../src/server/server.ts'

const NO_TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0 }

/** A server on a free port of loopback, closed when the test is over. Without deadlines, unless it is given some. */
export async function startServer(options: ServerOptions = {}): Promise<{ server: Server; address: Address }> {
  const server = new Server({ name: 'skyline/0.1.0', timeouts: NO_TIMEOUTS, ...options })
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  return { server, address }
}
