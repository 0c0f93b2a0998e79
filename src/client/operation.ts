import { wait } from '../commands/wait.ts'
import { type RequestError, requestError } from './error.ts'
import type { EventStream } from './event-stream.ts'
import type { ClientSession } from './session.ts'

/** Where the drone was when an operation ended, in centimetres. */
export interface Arrival {
  readonly x: number
  readonly y: number
  readonly z: number
}

/**
 * Resolves when an operation is done. Rejects with a RequestError where it failed or was CANCELLED, and where the
 * connection ends before.
 */
export async function outcomeOf(session: ClientSession, op: number | undefined, connection: number): Promise<Arrival> {
  if (op === undefined)
    throw requestError('UNSUPPORTED', 'The server has told no number of the operation', { retrySafe: false })
  const look = () => {
    // Over another connection the number is that of another operation.
    if (session.connections !== connection)
      throw requestError('CONNECTION_CLOSED', `Operation ${op}: its connection is gone`, { retrySafe: false })
  }
  look()
  const events = session.subscribeOnce('OPS')
  try {
    const ending = await endingSoFar(session, op).finally(look)
    return ending ?? (await endingToCome(events, op))
  } finally {
    await events.return()
  }
}

/** How it ended, if it has: of what ends from now on the events tell. */
async function endingSoFar(session: ClientSession, op: number): Promise<Arrival | undefined> {
  try {
    return (await session.call(wait, { op, timeout: 1 })) as unknown as Arrival
  } catch (error) {
    const { code, reply } = error as RequestError
    if (code !== 'TIMEOUT' || reply === undefined) throw error
    return undefined
  }
}

async function endingToCome(events: EventStream<'OPS'>, op: number): Promise<Arrival> {
  const session = await events.session()
  for await (const event of events) {
    // Each session numbers its own.
    if (event.op !== op || (event.session ?? session) !== session || event.name === 'STARTED') continue
    const { x, y, z } = event
    if (event.name === 'ARRIVED') return { x, y, z }
    const { code, reason } = event.name === 'FAILED' ? event : { code: 'CANCELLED', reason: 'it was cancelled' }
    throw requestError(code, `Operation ${op}: ${reason}`, { retrySafe: false })
  }
  throw requestError('CONNECTION_CLOSED', 'The events have ended', { retrySafe: false })
}
