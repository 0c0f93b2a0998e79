import type { Server as NetServer } from 'node:net'
import { type Logger, pino } from 'pino'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import type { Timeouts } from '../session/deadlines.ts'
import { greeting } from '../session/greeting.ts'
import { shuttingDown } from '../session/refusals.ts'
import { Workbench } from '../session/workbench.ts'
import { systemClock } from '../time/clock.ts'
import { CoarseClock } from '../time/coarse-clock.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import type { WireOptions } from '../wire/wire.ts'
import { createWire } from '../wire/wires.ts'
import { type Address, formatPlace, isLoopback, isPath, type Place, peerOf, resolveHost } from './address.ts'
import { type Assembly, assemble } from './assembly.ts'
import { checkOptions } from './check-options.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { ConnectionLog } from './connection-log.ts'
import { Door, type Entrant } from './door.ts'
import { Gate } from './gate.ts'
import { type Credentials, checkRenewal, reviewer, sharedBy } from './identities.ts'
import { listen } from './listen.ts'
import { Mask } from './mask.ts'
import { DEFAULTS, type ListenOptions, type ServerOptions } from './options.ts'
import { nobodyAnyMore } from './rights.ts'
import { checkTls } from './tls.ts'

/** How long a server that ends waits for its last connections, in milliseconds. */
const DRAIN_MS = 9000

/** A skyline/1 server: any number of listeners' worth of connections, and the one drone that they share. */
export class Server {
  readonly #listeners: NetServer[] = []
  readonly #connections = new Set<Connection>()
  readonly #options: Omit<ConnectionOptions, 'session'>
  readonly #timeouts: Timeouts
  readonly #wireOptions: WireOptions & { readonly auth: 'token' | 'none' }
  readonly #assembly: Assembly
  readonly #door: Door
  readonly #logger: Logger
  readonly #mask: Mask
  readonly #name: string
  /** Stands in where none was given. It ends with the server, so that nothing that waits keeps a program from its end. */
  readonly #ownClock: CoarseClock
  #connectionCount = 0
  #credentials: Credentials
  #closing: Promise<void> | undefined

  /** Throws a TypeError where an option, a token or a command is none, and an Error where certificate and key are none. */
  constructor(options: ServerOptions = {}) {
    checkOptions(options)
    this.#ownClock = new CoarseClock(systemClock)
    const {
      token,
      tls,
      strictCrlf = false,
      maxFrameBytes = MAX_MESSAGE_BYTES,
      maxConnections = DEFAULTS.maxConnections,
      maxUnauthenticated = DEFAULTS.maxUnauthenticated,
      loopbackExempt = true,
      timeouts,
      clock = this.#ownClock,
      random = Math.random,
      commands,
      drone = commands === undefined ? new SimulatedDrone(clock) : undefined,
      credentials,
      motionTtlMs = 0,
      logger = pino({ level: 'silent' }),
      name = 'skyline',
      ...others
    } = options
    if (tls !== undefined) checkTls(tls)
    const given = credentials ?? sharedBy(token)
    this.#mask = new Mask(given)
    this.#assembly = assemble({
      ...others,
      credentials: given,
      mask: this.#mask,
      drone,
      clock,
      commands,
      onBroken: (error) => logger.error({ err: error }, 'an event cannot be told'),
    })
    const { table, runner, feed, stopLane } = this.#assembly
    this.#credentials = given
    this.#name = name
    this.#logger = logger
    this.#wireOptions = { strictCrlf, maxFrameBytes, auth: given.kind === 'none' ? 'none' : 'token' }
    this.#timeouts = { ...DEFAULTS.timeouts, ...timeouts }
    this.#door = new Door({
      gate: new Gate({ maxConnections, maxUnauthenticated, loopbackExempt, clock, random }),
      clock,
      logger,
      tls,
      handshakeMs: this.#timeouts.handshakeMs,
      closed: () => (this.#closing === undefined ? undefined : shuttingDown()),
    })
    runner.recorder?.start(name)
    this.#options = {
      runner,
      clock,
      workbench: new Workbench(table, stopLane, motionTtlMs),
      feed,
      onGone: (connection) => this.#connections.delete(connection),
    }
  }

  /**
   * Listens, at one more place each time, and resolves to that with the port that was found. Rejects where the port is
   * taken, where the address is not loopback and there is no token (code `TOKEN_REQUIRED`), where TLS is asked for and
   * there is no certificate, and where the server is closed.
   */
  listen(place: Address & ListenOptions): Promise<Address>
  listen(place: Place & ListenOptions): Promise<Place>
  async listen({ wire = 'text', tls = false, ...place }: Place & ListenOptions): Promise<Place> {
    this.#checkOpen()
    const { auth } = this.#wireOptions
    const where = isPath(place) ? place : { host: await resolveHost(place.host), port: place.port }
    if (auth === 'none' && !isPath(where) && !isLoopback(where.host)) {
      throw Object.assign(new Error(`${where.host} is not loopback, and there is no token`), { code: 'TOKEN_REQUIRED' })
    }
    if (tls && isPath(where)) throw new Error('TLS is for addresses, not for sockets in the file system')
    const spoken = createWire(wire, this.#wireOptions)
    const session = { timeouts: this.#timeouts, wire: spoken, greeting: greeting(this.#name, auth, spoken) }
    // One for all connections of the listener.
    const options = { ...this.#options, session }
    const enter = (entrant: Entrant) => this.#begin(entrant, options)
    const listener = tls ? this.#door.secure(session, enter) : this.#door.plain(session, enter)
    const bound = await listen(listener, where)
    this.#listeners.push(listener)
    if (this.#closing !== undefined) listener.close()
    this.#checkOpen()
    // Beyond the start an error means that one connection could not be accepted.
    listener.on('error', (error) => this.#logger.error({ err: error }, 'accept failed'))
    this.#logger.info({ ...bound, wire, tls, auth }, `listening on ${formatPlace(bound)}`)
    if (!tls && !isPath(bound) && !isLoopback(bound.host))
      this.#logger.warn('not loopback, and no TLS: tokens and commands cross the network in the clear')
    return bound
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new Error('The server is closed')
  }

  /**
   * Shows another certificate to the connections to come, and says who may come from now on: who is there has the role
   * that his name has by then, and is sent away where there is no such name. Throws where a certificate or a token cannot
   * be one, and where they would be of another kind than those before; then all stays as it was.
   */
  renew({ tls, credentials }: Pick<ServerOptions, 'tls' | 'credentials'>): void {
    if (tls !== undefined) this.#door.checkRenewal(tls)
    if (credentials !== undefined) {
      checkRenewal(this.#credentials, credentials)
      this.#assembly.renew(credentials)
      this.#credentials = credentials
      this.#mask.add(credentials)
      const review = reviewer(credentials)
      for (const connection of this.#connections) if (!connection.runner.review(review)) connection.end(nobodyAnyMore())
    }
    if (tls !== undefined) this.#door.renew(tls)
  }

  /** Tells the drone to stay where it is: for a server that cannot go on. */
  async hover(): Promise<void> {
    await this.#assembly.brakes.hover()
  }

  /** Takes no more connections, ends those there are with SHUTTING_DOWN, and resolves when the last is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#drain()
    return this.#closing
  }

  async #drain(): Promise<void> {
    // A handler may have asked for it: its own connection is done with its replies first.
    await undefined
    this.#logger.info({ connections: this.#connections.size }, 'shutting down')
    const callOff = this.#options.clock.after(DRAIN_MS, () => {
      for (const connection of this.#connections) connection.cut('SHUTTING_DOWN')
    })
    const unbound = this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve)))
    const gone = [...this.#connections].map((connection) => connection.gone())
    this.#door.clear()
    for (const connection of this.#connections) connection.end(shuttingDown())
    await Promise.all([...unbound, ...gone])
    callOff()
    this.#assembly.end()
    this.#assembly.runner.recorder?.stop(this.#name)
    this.#ownClock.end()
    this.#logger.info('stopped')
  }

  #begin({ socket, visit, certificate }: Entrant, options: ConnectionOptions): void {
    const log = new ConnectionLog(this.#logger, this.#mask, ++this.#connectionCount, peerOf(socket))
    this.#connections.add(new Connection({ socket, visit, log, certificate }, options))
  }
}
