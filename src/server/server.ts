import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { type Logger, pino } from 'pino'
import type { Command } from '../commands/command.ts'
import { withConversation } from '../commands/commands.ts'
import type { AnyHandler, ServedCommand } from '../commands/define.ts'
import { CommandTable } from '../commands/table.ts'
import type { Drone } from '../drone/drone.ts'
import { flightCommands } from '../drone/flight.ts'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import { conversation } from '../session/conversation.ts'
import type { Timeouts } from '../session/deadlines.ts'
import { greeting } from '../session/greeting.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { Message } from '../wire/message.ts'
import { Output } from '../wire/output.ts'
import { type Address, formatAddress, isLoopback, peerOf, resolveHost } from './address.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { authenticator } from './token.ts'
import { turnAway } from './turn-away.ts'

/** How long a server that ends waits for its last connections, in milliseconds. */
const DRAIN_MS = 9000
/** After how long without traffic the kernel asks whether the peer is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000

/** What a server does where it is not told otherwise (section 5). */
export const DEFAULTS = {
  maxConnections: 1024,
  timeouts: { handshakeMs: 60_000, messageMs: 60_000, idleMs: 600_000 },
} as const satisfies Partial<ServerOptions>

export interface ServerOptions {
  /** What HELLO must bring: printable ASCII without spaces. Without one any HELLO will do, on loopback only. */
  readonly token?: string | undefined
  /** Refuses a bare LF (F2). */
  readonly strictCrlf?: boolean
  /** Connections beyond this many are told BUSY. */
  readonly maxConnections?: number
  readonly timeouts?: Partial<Timeouts>
  /** What flies, told by HELLO. */
  readonly drone?: Drone
  /** What the server can do beside HELLO, PING, HELP and QUIT: if left out, fly the drone. */
  readonly commands?: readonly ServedCommand[]
  readonly clock?: Clock
  /** Silent without one. */
  readonly logger?: Logger
  /** What the greeting calls the server: `skyline/0.1.0`. */
  readonly name?: string
}

/** A skyline/1 server: any number of listeners' worth of connections, and the one drone that they share. */
export class Server {
  readonly #net: NetServer
  readonly #connections = new Set<Connection>()
  readonly #connectionOptions: ConnectionOptions
  readonly #maxConnections: number
  readonly #hasToken: boolean
  readonly #logger: Logger
  #connectionCount = 0
  #closing: Promise<void> | undefined

  /** Throws a TypeError where the token cannot be one. */
  constructor({
    token,
    strictCrlf = false,
    maxConnections = DEFAULTS.maxConnections,
    timeouts,
    clock = systemClock,
    commands,
    drone = commands === undefined ? new SimulatedDrone(clock) : undefined,
    logger = pino({ level: 'silent' }),
    name = 'skyline',
  }: ServerOptions = {}) {
    const served = commands ?? (drone === undefined ? [] : flightCommands(drone, clock))
    const table = new CommandTable(withConversation<Command>(served))
    const talk = conversation({ table, drone: drone?.name, authenticate: authenticator(token) })
    this.#hasToken = token !== undefined
    this.#maxConnections = maxConnections
    this.#logger = logger
    this.#connectionOptions = {
      session: {
        table,
        greeting: greeting(name, this.#hasToken ? 'token' : 'none'),
        strictCrlf,
        timeouts: { ...DEFAULTS.timeouts, ...timeouts },
      },
      handlers: new Map<string, AnyHandler>([
        ...Object.entries(talk),
        ...served.map(({ name, handler }) => [name, handler] as const),
      ]),
      clock,
      workbench: { output: new Output(), message: new Message() },
      logger,
      mask: (text) => (token === undefined ? text : text.replaceAll(token, '[token]')),
    }
    // Half-open: a script that ends with FIN still gets every reply (F7).
    this.#net = createNetServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    })
    this.#net.on('connection', (socket) => this.#accept(socket))
  }

  /**
   * Listens, and resolves to the address with the port that was found. Rejects where the port is taken, and where
   * the address is not loopback and there is no token (code `TOKEN_REQUIRED`).
   */
  async listen({ host, port }: Address): Promise<Address> {
    const ip = await resolveHost(host)
    if (!this.#hasToken && !isLoopback(ip)) {
      throw Object.assign(new Error(`${host} is not loopback, and there is no token`), { code: 'TOKEN_REQUIRED' })
    }
    await new Promise<void>((resolve, reject) => {
      this.#net.once('error', reject)
      this.#net.listen(port, ip, () => {
        this.#net.off('error', reject)
        resolve()
      })
    })
    // Beyond the start an error means that one connection could not be accepted.
    this.#net.on('error', (error) => this.#logger.error({ err: error }, 'accept failed'))
    const bound = this.#net.address() as { address: string; port: number }
    const address = { host: bound.address, port: bound.port }
    this.#logger.info({ ...address, auth: this.#hasToken ? 'token' : 'none' }, `listening on ${formatAddress(address)}`)
    return address
  }

  /** Takes no more connections, ends those there are with SHUTTING_DOWN, and resolves when the last is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#drain()
    return this.#closing
  }

  async #drain(): Promise<void> {
    const { clock, logger } = this.#connectionOptions
    // A handler may have asked for it: its own connection is done with its replies first.
    await undefined
    logger.info({ connections: this.#connections.size }, 'shutting down')
    const callOff = clock.after(DRAIN_MS, () => {
      for (const connection of this.#connections) connection.destroy()
    })
    const unbound = new Promise<void>((resolve) => this.#net.close(() => resolve()))
    const gone = [...this.#connections].map((connection) => connection.drain())
    await Promise.all([unbound, ...gone])
    callOff()
    logger.info('stopped')
  }

  #accept(socket: Socket): void {
    const { clock, logger } = this.#connectionOptions
    if (this.#closing !== undefined) return void socket.destroy()
    if (this.#connections.size >= this.#maxConnections) {
      logger.warn({ peer: peerOf(socket), code: 'BUSY' }, 'connection refused')
      return turnAway(socket, clock, 'try again later')
    }
    const connection = new Connection(++this.#connectionCount, socket, this.#connectionOptions)
    this.#connections.add(connection)
    socket.once('close', () => this.#connections.delete(connection))
  }
}
