import type { Socket } from 'node:net'
import type { ConnectionLog } from './connection-log.ts'
import type { Visit } from './gate.ts'

/** What is known of one connection before anything is said. */
export interface Newcomer {
  readonly socket: Socket
  readonly visit: Visit
  readonly log: ConnectionLog
  /** Whom the certificate names that the client has shown. */
  readonly certificate?: string | undefined
}
