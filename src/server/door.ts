import { createServer, type Server, type Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { Logger } from 'pino'
import type { SessionOptions } from '../session/host.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import { peerOf } from './address.ts'
import type { Gate, Visit } from './gate.ts'
import { SOCKET_OPTIONS } from './listen.ts'
import { checkTlsRenewal, createTlsServer, identify, renewTls, TLS_HANDSHAKE_MS, type TlsOptions } from './tls.ts'
import { turnAway } from './turn-away.ts'

/** A connection that was let in. */
export interface Entrant {
  readonly socket: Socket
  readonly visit: Visit
  /** The name on the certificate that it has shown. */
  readonly certificate: string | undefined
}

export interface DoorOptions {
  readonly gate: Gate
  readonly clock: Clock
  readonly logger: Logger
  readonly tls: TlsOptions | undefined
  /** From connecting to HELLO, in milliseconds; 0 is for ever. */
  readonly handshakeMs: number
  /** Why nobody is let in any more. */
  readonly closed: () => Failure | undefined
}

/** Where connections come in, plain or with TLS: those that are let in are handed on, the others are told why not. */
export class Door {
  readonly #options: DoorOptions
  readonly #secured: TlsServer[] = []
  /** Those that are shaking hands. */
  readonly #handshakes = new Map<Socket, Visit>()
  #tls: TlsOptions | undefined

  constructor(options: DoorOptions) {
    this.#options = options
    this.#tls = options.tls
  }

  /** A listener, which listens nowhere yet. */
  plain(session: SessionOptions, enter: (entrant: Entrant) => void): Server {
    const { gate } = this.#options
    return createServer(SOCKET_OPTIONS, (socket) => {
      const refusal = this.#refusal(socket)
      if (refusal === undefined) enter({ socket, visit: gate.enter(socket.remoteAddress), certificate: undefined })
      else this.#turnAway(socket, session, refusal)
    })
  }

  /** The same for TLS. Throws where there is no certificate. */
  secure(session: SessionOptions, enter: (entrant: Entrant) => void): Server {
    if (this.#tls === undefined) throw new Error('TLS takes a certificate and its key')
    const { gate, clock, handshakeMs, logger } = this.#options
    const handshakes = this.#handshakes
    const needsCertificate = this.#tls.ca !== undefined
    const listener = createTlsServer(this.#tls, {
      clock,
      handshakeMs: handshakeMs === 0 ? TLS_HANDSHAKE_MS : Math.min(handshakeMs, TLS_HANDSHAKE_MS),
      accepted: (raw) => {
        const refusal = this.#refusal(raw)
        // Without a word: that would take a handshake, and so be a way to keep the server busy.
        if (refusal !== undefined) return this.#logRefusal(raw, refusal)
        const visit = gate.enter(raw.remoteAddress)
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
        if ('identity' in shown) return enter({ socket, visit, certificate: shown.identity })
        const reason = `The client certificate is refused: ${shown.problem}`
        this.#turnAway(socket, session, new Failure('AUTH_FAILED', { reason, fatal: true }))
      },
      failed: (raw, reason) => {
        handshakes.get(raw)?.offended('HANDSHAKE_TIMEOUT')
        logger.info({ peer: peerOf(raw), reason }, 'TLS handshake failed')
      },
    })
    this.#secured.push(listener)
    return listener
  }

  /** Throws where another certificate cannot take the place of the one there is. */
  checkRenewal(tls: TlsOptions): void {
    checkTlsRenewal(this.#tls, tls)
  }

  /** Shows another certificate to the connections to come. */
  renew(tls: TlsOptions): void {
    this.#tls = tls
    for (const listener of this.#secured) renewTls(listener, tls)
  }

  /** Sends away those that are shaking hands. */
  clear(): void {
    for (const raw of this.#handshakes.keys()) raw.destroy()
  }

  /** Why a connection is not let in. */
  #refusal({ remoteAddress }: Socket): Failure | undefined {
    return this.#options.closed() ?? this.#options.gate.refusal(remoteAddress)
  }

  #turnAway(socket: Socket, { wire }: SessionOptions, failure: Failure): void {
    this.#logRefusal(socket, failure)
    turnAway(socket, wire, this.#options.clock, failure)
  }

  #logRefusal(socket: Socket, { code, parts }: Failure): false {
    this.#options.logger.warn({ peer: peerOf(socket), code, reason: parts.reason ?? parts.hint }, 'connection refused')
    return false
  }
}
