import type { Credentials } from '../server/identities.ts'
import type { Server } from '../server/server.ts'
import type { TlsOptions } from '../server/tls.ts'
import type { Log } from './log.ts'
import { EXIT } from './program.ts'

/** What a server that runs may be told anew. */
export interface Configuration {
  readonly tls: TlsOptions | undefined
  readonly credentials: Credentials
}

/** How long a drone may take to be told to hover by a server that has crashed, in milliseconds. */
const LAST_ORDERS_MS = 500

/**
 * Resolves at the first SIGINT or SIGTERM; at the second the program is gone at once, with exit code 1. At SIGHUP the
 * certificate and the tokens are read anew, by `renew`. An error that nobody has caught ends the program: what state it has left nobody
 * knows.
 */
export function untilStopped(server: Server, { logger, close }: Log, renew: () => Configuration): Promise<void> {
  const exit = (code: number) => close().then(() => process.exit(code))
  process.on('SIGHUP', () => {
    try {
      server.renew(renew())
      logger.info('configuration read again')
    } catch (error) {
      logger.error({ reason: (error as Error).message }, 'configuration not read again: the old one stays')
    }
  })
  const crash = (error: unknown) => {
    logger.fatal({ err: error }, 'crashed')
    setTimeout(() => void exit(EXIT.crashed), LAST_ORDERS_MS)
    // Also where it throws at once: the timer is set.
    void Promise.resolve()
      .then(() => server.hover())
      .catch((failure) => logger.error({ err: failure }, 'the drone was not told to hover'))
      .then(() => exit(EXIT.crashed))
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  return new Promise((resolve) => {
    let first = true
    const onSignal = (signal: string) => {
      if (!first) {
        logger.warn({ signal }, 'told again to end: those who are still there are cut off')
        void exit(EXIT.failed)
      }
      first = false
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
