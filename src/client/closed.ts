import { quit } from '../commands/quit.ts'
import type { PlainMessage } from '../wire/message.ts'
import { isRequestError, type RequestError, requestError } from './error.ts'

/** It was this side that ended it. */
export const closedByClient = (): RequestError =>
  requestError('CONNECTION_CLOSED', 'The client has closed the connection', { retrySafe: true })

/** The reason why a connection is gone, as whoever waits for events is told it. */
export const connectionLost = (reason: Error): Error =>
  isRequestError(reason)
    ? reason
    : requestError('CONNECTION_CLOSED', `The connection is closed: ${reason.message}`, {
        retrySafe: false,
        cause: reason,
      })

/** The last request of a session. */
export const GOODBYE: PlainMessage = { command: quit.name, arguments: [], headers: [] }
