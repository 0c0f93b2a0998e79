import type { ServerOptions } from '../../../src/server/options.ts'
import type { Server } from '../../../src/server/server.ts'
import { startServer } from '../../support/start-server.ts'

export interface Wires {
  readonly server: Server
  /** The port of each wire. */
  readonly text: number
  readonly framed: number
  readonly versioned: number
}

const HOST = '127.0.0.1'

/** One server, one drone, and a listener for each of the three wires. */
export async function startWires(options: ServerOptions = {}): Promise<Wires> {
  const { server, address } = await startServer(options)
  const listen = async (wire: 'framed' | 'versioned') => (await server.listen({ host: HOST, port: 0, wire })).port
  return { server, text: address.port, framed: await listen('framed'), versioned: await listen('versioned') }
}

export const at = (port: number) => ({ host: HOST, port })
