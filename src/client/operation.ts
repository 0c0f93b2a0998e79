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

/** A number that the server has told: that of an operation, in the session over one connection. */
export interface Operation {
  readonly op: number | undefined
  /** It began in another session, or under another number. */
  readonly replayed: boolean
  /** Another operation of this session has had the number before. */
  readonly isTaken: boolean
}

/** So many operations a session knows the end of: by more Keys none needs to be found. */
const MAX_KEYS = 1024

/** The numbers that the server has told over one connection: each is that of the operation that it was told of first. */
export class OperationNumbers {
  #last = 0
  /** The Keys of the last that had one. */
  readonly #keys = new Map<number, string>()

  /** Takes what a reply says. */
  told(op: number | undefined, replayed: boolean, key: string | undefined): Operation {
    if (op === undefined) return { op, replayed, isTaken: false }
    // A session numbers upwards, also behind a number that was told it by a reply that another had before.
    const isNew = op > this.#last
    if (isNew) this.#take(op, key)
    return { op, replayed, isTaken: replayed && !isNew && (key === undefined || this.#keys.get(op) !== key) }
  }

  #take(op: number, key: string | undefined): void {
    this.#last = op
    if (key === undefined) return
    this.#keys.set(op, key)
    const [oldest] = this.#keys.keys()
    if (this.#keys.size > MAX_KEYS && oldest !== undefined) this.#keys.delete(oldest)
  }
}

/**
 * Resolves when an operation is done. Rejects with a RequestError where it failed or was CANCELLED, and where the
 * connection ends before.
 */
export async function outcomeOf(
  session: ClientSession,
  { op, replayed, isTaken }: Operation,
  numbers: OperationNumbers,
): Promise<Arrival> {
  if (op === undefined) throw unsupported('The server has told no number of the operation')
  if (isTaken) throw unsupported(`Operation ${op}, which began over another connection, has the number of another here`)
  const look = async () => {
    // Over another connection the number is that of another operation.
    const lookOut = () => {
      if (session.operations === numbers) return
      throw requestError('CONNECTION_CLOSED', `Operation ${op}: its connection is gone`, { retrySafe: false })
    }
    lookOut()
    return endingSoFar(session, op).finally(lookOut)
  }
  const events = session.subscribeOnce('OPS')
  try {
    const ending = await look()
    return ending ?? (await endingToCome(events, op, replayed ? look : undefined))
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

/** How it ends, as the events tell it, or of an operation that may be one of another session, which `look` finds. */
async function endingToCome(
  events: EventStream<'OPS'>,
  op: number,
  look?: () => Promise<Arrival | undefined>,
): Promise<Arrival> {
  const session = await events.session()
  for await (const event of events) {
    if (event.op !== op || event.name === 'STARTED') continue
    if (look !== undefined) {
      const ending = await look()
      if (ending !== undefined) return ending
      continue
    }
    // Each session numbers its own.
    if ((event.session ?? session) !== session) continue
    const { x, y, z } = event
    if (event.name === 'ARRIVED') return { x, y, z }
    const { code, reason } = event.name === 'FAILED' ? event : { code: 'CANCELLED', reason: 'it was cancelled' }
    throw requestError(code, `Operation ${op}: ${reason}`, { retrySafe: false })
  }
  throw requestError('CONNECTION_CLOSED', 'The events have ended', { retrySafe: false })
}

const unsupported = (message: string): RequestError => requestError('UNSUPPORTED', message, { retrySafe: false })
