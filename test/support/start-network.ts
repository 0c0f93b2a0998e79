import { type ConnectOptions, connect } from '../../src/client/client.ts'
import type { Server } from '../../src/server/server.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { FaultProxy, type FaultProxyOptions } from './fault-proxy.ts'
import { RecordingDrone } from './recording-drone.ts'
import { startServer } from './start-server.ts'
import { watchAccepted } from './watch-accepted.ts'

/** A server and the proxy before it, with a view of everything that clients are not to be believed about. */
export interface Network {
  readonly wire: WireName
  readonly server: Server
  readonly drone: RecordingDrone
  readonly proxy: FaultProxy
  /** The server's sockets. */
  readonly accepted: ReturnType<typeof watchAccepted>
  /** Connects through the proxy. */
  connect(options?: Omit<ConnectOptions, 'port' | 'wire'>): ReturnType<typeof connectAny>
}

/** Starts both; they end with the test. */
export async function startNetwork(
  wire: WireName,
  faults: Omit<FaultProxyOptions, 'port'> = {},
  options: Parameters<typeof startServer>[0] = {},
): Promise<Network> {
  const drone = new RecordingDrone()
  const { server } = await startServer({ drone, ...options })
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, wire })
  const accepted = watchAccepted(port)
  const proxy = await FaultProxy.start({ port, ...faults })
  return {
    wire,
    server,
    drone,
    proxy,
    accepted,
    connect: (options) => connectAny({ ...options, port: proxy.port, wire }),
  }
}

const connectAny = (options: ConnectOptions) => connect(options)
