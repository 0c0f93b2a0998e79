import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { type Logger, pino } from 'pino'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import type { Timeouts } from '../session/deadlines.ts'
import { greeting } from '../session/greeting.ts'
import type { SessionOptions } from '../session/host.ts'
import { shuttingDown } from '../session/refusals.ts'
import { Workbench } from '../session/workbench.ts'
import { systemClock } from '../time/clock.ts'
import { CoarseClock } from '../time/coarse-clock.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'
import type { WireOptions } from '../wire/wire.ts'
import { createWire } from '../wire/wires.ts'
import { type Address, formatPlace, isLoopback, isPath, type Place, peerOf, resolveHost } from './address.ts'
import { type Assembly, assemble } from './assembly.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { ConnectionLog } from './connection-log.ts'
import { Gate, type Visit } from './gate.ts'
import { type Credentials, checkRenewal, reviewer, sharedBy, tokenOf } from './identities.ts'
import { listen, SOCKET_OPTIONS } from './listen.ts'
import { type Mask, maskOf } from './mask.ts'
import { DEFAULTS, type ListenOptions, type ServerOptions } from './options.ts'
import { nobodyAnyMore } from './rights.ts'
import { checkTls, createTlsServer, identify, renewTls, TLS_HANDSHAKE_MS, type TlsOptions } from './tls.ts'
import { turnAway } from './turn-away.ts'

/** How long a server that ends waits for its last connections, in milliseconds. */
const DRAIN_MS = 9000

/** A skyline/1 server: any number of listeners' worth of connections, and the one drone that they share. */
export class Server {
  readonly #listeners: NetServer[] = []
  readonly #tlsListeners: TlsServer[] = []
  readonly #connections = new Set<Connection>()
  readonly #options: Omit<ConnectionOptions, 'session'>
  readonly #timeouts: Timeouts
  readonly #wireOptions: WireOptions & { readonly auth: 'token' | 'none' }
  readonly #assembly: Assembly
  readonly #gate: Gate
  readonly #logger: Logger
  readonly #mask: Mask
  readonly #name: string
  /** Those that are shaking hands. */
  readonly #handshakes = new Map<Socket, Visit>()
  #tls: TlsOptions | undefined
  #connectionCount = 0
  #credentials: Credentials
  #closing: Promise<void> | undefined

  /** Throws a TypeError where the token cannot be one, and an Error where certificate and key are none. */
  constructor({
    token,
    tls,
    strictCrlf = false,
    maxFrameBytes = MAX_MESSAGE_BYTES,
    maxConnections = DEFAULTS.maxConnections,
    maxUnauthenticated = DEFAULTS.maxUnauthenticated,
    loopbackExempt = true,
    timeouts,
    clock = new CoarseClock(systemClock),
    random = Math.random,
    commands,
    drone = commands === undefined ? new SimulatedDrone(clock) : undefined,
    credentials,
    motionTtlMs = 0,
    logger = pino({ level: 'silent' }),
    name = 'skyline',
    ...others
  }: ServerOptions = {}) {
    if (tls !== undefined) checkTls(tls)
    const given = credentials ?? sharedBy(token)
    this.#assembly = assemble({
      ...others,
      credentials: given,
      drone,
      clock,
      commands,
    })
    const { table, runner, feed, stopLane } = this.#assembly
    this.#tls = tls
    this.#credentials = given
    this.#name = name
    this.#logger = logger
    this.#mask = maskOf(tokenOf(given))
    this.#gate = new Gate({ maxConnections, maxUnauthenticated, loopbackExempt, clock, random })
    this.#wireOptions = { strictCrlf, maxFrameBytes, auth: given.kind === 'none' ? 'none' : 'token' }
    this.#timeouts = { ...DEFAULTS.timeouts, ...timeouts }
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
   * taken, where the address is not loopback and there is no token (code `TOKEN_REQUIRED`), and where TLS is asked for
   * and there is no certificate.
   */
  listen(place: Address & ListenOptions): Promise<Address>
  listen(place: Place & ListenOptions): Promise<Place>
  async listen({ wire = 'text', tls = false, ...place }: Place & ListenOptions): Promise<Place> {
    const { auth } = this.#wireOptions
    const where = isPath(place) ? place : { host: await resolveHost(place.host), port: place.port }
    if (auth === 'none' && !isPath(where) && !isLoopback(where.host)) {
      throw Object.assign(new Error(`${where.host} is not loopback, and there is no token`), { code: 'TOKEN_REQUIRED' })
    }
    if (tls && isPath(where)) throw new Error('TLS is for addresses, not for sockets in the file system')
    const spoken = createWire(wire, this.#wireOptions)
    const session = { timeouts: this.#timeouts, wire: spoken, greeting: greeting(this.#name, auth, spoken) }
    const listener = tls ? this.#secureListener(session) : this.#plainListener(session)
    const bound = await listen(listener, where)
    this.#listeners.push(listener)
    // Beyond the start an error means that one connection could not be accepted.
    listener.on('error', (error) => this.#logger.error({ err: error }, 'accept failed'))
    this.#logger.info({ ...bound, wire, tls, auth }, `listening on ${formatPlace(bound)}`)
    return bound
  }

  /** Shows another certificate to the connections to come. Throws, and keeps the old one, where it is none. */
  renewTls(tls: TlsOptions): void {
    checkTls(tls)
    if (this.#tls?.ca !== undefined && tls.ca === undefined)
      throw new Error('clients have to show a certificate: tell who may sign it')
    this.#tls = tls
    for (const listener of this.#tlsListeners) renewTls(listener, tls)
  }

  /**
   * Says who may come from now on. Who is there has the role that his name has by then, and is sent away where there is
   * no such name. Throws a TypeError where a token cannot be one.
   */
  renewCredentials(credentials: Credentials): void {
    checkRenewal(this.#credentials, credentials)
    this.#assembly.renew(credentials)
    this.#credentials = credentials
    const review = reviewer(credentials)
    for (const connection of this.#connections) if (!connection.runner.review(review)) connection.end(nobodyAnyMore())
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
    for (const raw of this.#handshakes.keys()) raw.destroy()
    for (const connection of this.#connections) connection.end(shuttingDown())
    await Promise.all([...unbound, ...gone])
    callOff()
    this.#assembly.end()
    this.#assembly.runner.recorder?.stop(this.#name)
    this.#logger.info('stopped')
  }

  #plainListener(session: SessionOptions): NetServer {
    const options = this.#optionsFor(session)
    return createNetServer(SOCKET_OPTIONS, (socket) => {
      const refusal = this.#refusal(socket)
      if (refusal === undefined) this.#begin(socket, this.#gate.enter(socket.remoteAddress), options)
      else this.#turnAway(socket, session, refusal)
    })
  }

  #secureListener(session: SessionOptions): NetServer {
    if (this.#tls === undefined) throw new Error('TLS takes a certificate and its key')
    const options = this.#optionsFor(session)
    const handshakes = this.#handshakes
    const needsCertificate = this.#tls.ca !== undefined
    const { handshakeMs } = this.#timeouts
    const listener = createTlsServer(this.#tls, {
      clock: this.#options.clock,
      handshakeMs: handshakeMs === 0 ? TLS_HANDSHAKE_MS : Math.min(handshakeMs, TLS_HANDSHAKE_MS),
      accepted: (raw) => {
        const refusal = this.#refusal(raw)
        // Without a word: that would take a handshake, and so be a way to keep the server busy.
        if (refusal !== undefined) return this.#logRefusal(raw, refusal)
        const visit = this.#gate.enter(raw.remoteAddress)
        visit.visitor = { dropped: () => raw.destroy() }
        handshakes.set(raw, visit)
        raw.once('close', () => {
          handshakes.delete(raw)
          visit.left()
        })
        return true
      },
      secured: (socket, raw) => {
        const visit = handshakes.get(raw) as Visit
        handshakes.delete(raw)
        const shown = needsCertificate ? identify(socket) : { identity: undefined }
        if ('identity' in shown) return this.#begin(socket, visit, options, shown.identity)
        const reason = `The client certificate is refused: ${shown.problem}`
        this.#turnAway(socket, session, new Failure('AUTH_FAILED', { reason, fatal: true }))
      },
      failed: (raw, reason) => {
        handshakes.get(raw)?.offended('HANDSHAKE_TIMEOUT')
        this.#logger.info({ peer: peerOf(raw), reason }, 'TLS handshake failed')
      },
    })
    this.#tlsListeners.push(listener)
    return listener
  }

  /** Why a connection is not let in. */
  #refusal({ remoteAddress }: Socket): Failure | undefined {
    return this.#closing === undefined ? this.#gate.refusal(remoteAddress) : shuttingDown()
  }

  /** One for all connections of a listener. */
  #optionsFor(session: SessionOptions): ConnectionOptions {
    return { ...this.#options, session }
  }

  #begin(socket: Socket, visit: Visit, options: ConnectionOptions, certificate?: string): void {
    const log = new ConnectionLog(this.#logger, this.#mask, ++this.#connectionCount, peerOf(socket))
    this.#connections.add(new Connection({ socket, visit, log, certificate }, options))
  }

  #turnAway(socket: Socket, { wire }: SessionOptions, failure: Failure): void {
    this.#logRefusal(socket, failure)
    turnAway(socket, wire, this.#options.clock, failure)
  }

  #logRefusal(socket: Socket, { code, parts }: Failure): false {
    this.#logger.warn({ peer: peerOf(socket), code, reason: parts.reason ?? parts.hint }, 'connection refused')
    return false
  }
}
