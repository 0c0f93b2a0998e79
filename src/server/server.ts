import type { Server as NetServer, Socket } from 'node:net'
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
import type { SessionOptions } from '../session/host.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import { Message } from '../wire/message.ts'
import { Output } from '../wire/output.ts'
import type { WireName, WireOptions } from '../wire/wire.ts'
import { createWire } from '../wire/wires.ts'
import { type Address, formatAddress, isLoopback, peerOf, resolveHost } from './address.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { addressOf, bind } from './listen.ts'
import { authenticator } from './token.ts'
import { turnAway } from './turn-away.ts'

/** How long a server that ends waits for its last connections, in milliseconds. */
const DRAIN_MS = 9000

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
  /** The longest payload on the framed wire, in bytes. */
  readonly maxFrameBytes?: number
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

/** Where to listen, and for what. */
export interface ListenOptions extends Address {
  /** How messages are put into bytes there: `text`, if left out. */
  readonly wire?: WireName
}

/** A skyline/1 server: any number of listeners' worth of connections, and the one drone that they share. */
export class Server {
  readonly #listeners: NetServer[] = []
  readonly #connections = new Set<Connection>()
  readonly #options: Omit<ConnectionOptions, 'session'>
  readonly #session: Omit<SessionOptions, 'wire' | 'greeting'>
  readonly #wireOptions: WireOptions & { readonly auth: 'token' | 'none' }
  readonly #name: string
  readonly #maxConnections: number
  readonly #logger: Logger
  #connectionCount = 0
  #closing: Promise<void> | undefined

  /** Throws a TypeError where the token cannot be one. */
  constructor({
    token,
    strictCrlf = false,
    maxFrameBytes = MAX_MESSAGE_BYTES,
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
    const auth = token === undefined ? 'none' : 'token'
    this.#wireOptions = { strictCrlf, maxFrameBytes, auth }
    this.#name = name
    this.#maxConnections = maxConnections
    this.#logger = logger
    this.#session = { table, timeouts: { ...DEFAULTS.timeouts, ...timeouts } }
    this.#options = {
      handlers: new Map<string, AnyHandler>([
        ...Object.entries(talk),
        ...served.map(({ name, handler }) => [name, handler] as const),
      ]),
      clock,
      workbench: { output: new Output(), message: new Message() },
      logger,
      mask: (text) => (token === undefined ? text : text.replaceAll(token, '[token]')),
    }
  }

  /**
   * Listens, at one more address each time, and resolves to the address with the port that was found. Rejects where
   * the port is taken, and where the address is not loopback and there is no token (code `TOKEN_REQUIRED`).
   */
  async listen({ host, port, wire = 'text' }: ListenOptions): Promise<Address> {
    const ip = await resolveHost(host)
    const { auth } = this.#wireOptions
    if (auth === 'none' && !isLoopback(ip)) {
      throw Object.assign(new Error(`${host} is not loopback, and there is no token`), { code: 'TOKEN_REQUIRED' })
    }
    const spoken = createWire(wire, this.#wireOptions)
    const session = { ...this.#session, wire: spoken, greeting: greeting(this.#name, auth, spoken) }
    const listener = await bind({ host: ip, port }, (socket) => this.#accept(socket, session))
    this.#listeners.push(listener)
    // Beyond the start an error means that one connection could not be accepted.
    listener.on('error', (error) => this.#logger.error({ err: error }, 'accept failed'))
    const address = addressOf(listener)
    this.#logger.info({ ...address, wire, auth }, `listening on ${formatAddress(address)}`)
    return address
  }

  /** Takes no more connections, ends those there are with SHUTTING_DOWN, and resolves when the last is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#drain()
    return this.#closing
  }

  async #drain(): Promise<void> {
    const { clock, logger } = this.#options
    // A handler may have asked for it: its own connection is done with its replies first.
    await undefined
    logger.info({ connections: this.#connections.size }, 'shutting down')
    const callOff = clock.after(DRAIN_MS, () => {
      for (const connection of this.#connections) connection.destroy()
    })
    const unbound = this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve)))
    const gone = [...this.#connections].map((connection) => connection.drain())
    await Promise.all([...unbound, ...gone])
    callOff()
    logger.info('stopped')
  }

  #accept(socket: Socket, session: SessionOptions): void {
    const { clock, logger } = this.#options
    if (this.#closing !== undefined) return void socket.destroy()
    if (this.#connections.size >= this.#maxConnections) {
      logger.warn({ peer: peerOf(socket), code: 'BUSY' }, 'connection refused')
      return turnAway(socket, session.wire, clock, 'try again later')
    }
    const connection = new Connection(++this.#connectionCount, socket, { ...this.#options, session })
    this.#connections.add(connection)
    socket.once('close', () => this.#connections.delete(connection))
  }
}
