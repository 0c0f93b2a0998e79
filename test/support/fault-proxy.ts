import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { SeededRandom } from './seeded-random.ts'
import { type Fault, Lane, type Toxics } from './toxics.ts'

/** What is done to a connection: upstream is towards the server, downstream towards the client. */
export interface Route {
  readonly upstream?: Toxics
  readonly downstream?: Toxics
}

/** What came over a connection, before anything was done to it. */
export interface Tapped {
  readonly fromClient: Buffer
  readonly fromServer: Buffer
  /** The faults that have struck. */
  readonly faults: readonly Fault[]
}

export interface FaultProxyOptions {
  /** Where the server is, on loopback. */
  readonly port: number
  /** Of the chance in sizes and delays. It fixes what is done, not to which microsecond. */
  readonly seed?: number
  /** What is done to the connection of this number, counted from 0. */
  readonly route?: (connection: number) => Route
}

const LOOPBACK = '127.0.0.1'

/** A proxy that does to each connection what a bad network would do. */
export class FaultProxy {
  readonly #options: FaultProxyOptions
  readonly #random: SeededRandom
  readonly #listener = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  readonly #tapped: Tapped[] = []
  #thawed: Promise<void> | undefined
  #thaw: () => void = () => {}

  constructor(options: FaultProxyOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed ?? 0)
  }

  /** A proxy that listens, and is closed when the test is over. */
  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    onTestFinished(() => proxy.close())
    await new Promise<void>((resolve) => proxy.#listener.listen(0, LOOPBACK, resolve))
    return proxy
  }

  /** Where to connect to. */
  get port(): number {
    return (this.#listener.address() as { port: number }).port
  }

  /** In the order in which they came. */
  get connections(): readonly Tapped[] {
    return this.#tapped
  }

  /** Lets nothing through any more, on any connection. */
  freeze(): void {
    this.#thawed ??= new Promise((resolve) => {
      this.#thaw = resolve
    })
  }

  /** Lets all that was held up go on at once. */
  unfreeze(): void {
    this.#thaw()
    this.#thawed = undefined
  }

  /** Resets every connection, on both sides. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  close(): void {
    this.#listener.close()
    this.reset()
    this.unfreeze()
  }

  #accept(client: Socket): void {
    const { port, route } = this.#options
    const { upstream = {}, downstream = {} } = route?.(this.#tapped.length) ?? {}
    const server = connect({ port, host: LOOPBACK, noDelay: true, allowHalfOpen: true })
    const sent: Buffer[] = []
    const answered: Buffer[] = []
    const faults: Fault[] = []
    this.#tapped.push({
      faults,
      get fromClient() {
        return Buffer.concat(sent)
      },
      get fromServer() {
        return Buffer.concat(answered)
      },
    })
    this.#join(client, server)
    this.#join(server, client)
    const around = () => ({
      random: this.#random.fork(),
      thawed: async () => this.#thawed,
      onFault: (fault: Fault) => void faults.push(fault),
    })
    const lanes = [
      new Lane(client, server, upstream, around()).run((chunk) => sent.push(chunk)),
      new Lane(server, client, downstream, around()).run((chunk) => answered.push(chunk)),
    ]
    // A lane ends early where its connection broke, and of that the sockets tell each other.
    for (const lane of lanes) lane.catch(() => {})
  }

  /** What breaks on one side breaks on the other. */
  #join(socket: Socket, other: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', (hadError) => {
      this.#sockets.delete(socket)
      if (hadError) other.resetAndDestroy()
    })
  }
}
