import type { Logger } from 'pino'
import type { CloseReason } from '../session/host.ts'
import { CODES } from '../wire/codes.ts'
import type { Failure } from '../wire/failure.ts'
import { printable } from '../wire/quote.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { Mask } from './mask.ts'

/** What is known of a connection when it is over. */
export interface Summary {
  readonly reason: CloseReason
  readonly error: string | undefined
  readonly messages: number
  readonly failures: number
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly durationMs: number
}

/** The lines of the log that are about one connection. What a client sent stands in them as names only (R4). */
export class ConnectionLog {
  readonly #logger: Logger
  readonly #mask: Mask
  readonly #peer: string
  #client: string | undefined

  /** The number of the connection, counted from 1: by it its lines belong together. */
  readonly connection: number

  constructor(logger: Logger, mask: Mask, connection: number, peer: string) {
    this.#logger = logger
    this.#mask = mask
    this.connection = connection
    this.#peer = peer
    logger.info(this.#fields, 'connection opened')
  }

  /** Gives the client a name. */
  identify(client: string): void {
    this.#client = this.#mask.text(printable(Buffer.from(client)))
  }

  refused({ code, parts: { reason = CODES[code].sentence, line, param, fatal } }: Failure): void {
    const fields = { ...this.#fields, code, reason: this.#mask.text(reason), line, param }
    if (code === 'AUTH_FAILED') this.#logger.warn(fields, 'security: wrong token')
    else this.#logger.info(fields, fatal === true ? 'session ended' : 'message refused')
  }

  strange(protocol: Stranger): void {
    this.#logger.warn({ ...this.#fields, protocol }, 'security: the peer speaks another protocol')
  }

  handlerFailed(command: string, error: unknown): void {
    this.#logger.error({ connection: this.connection, command, err: error }, 'handler failed')
  }

  closed(summary: Summary): void {
    this.#logger.info({ ...this.#fields, client: this.#client, ...summary }, 'connection closed')
  }

  get #fields(): { readonly connection: number; readonly peer: string } {
    return { connection: this.connection, peer: this.#peer }
  }
}
