import { CODES, type CodeRow } from '../wire/codes.ts'
import { header, type WireReply } from './wire-reply.ts'

/** Why a request failed: a plain Error that says more. */
export type RequestError = Error & {
  /** The protocol's code; CONNECTION_CLOSED, TIMEOUT or ABORTED where no reply came; PARSE where it is none to that. */
  readonly code: string
  /** The reply, where one came. */
  readonly reply?: WireReply | undefined
  /** The command was certainly not carried out, so that sending it again cannot do it twice. */
  readonly retrySafe: boolean
}

/** Whether something that was caught is an error of a request. */
export const isRequestError = (error: unknown): error is RequestError => error instanceof Error && 'retrySafe' in error

interface Parts {
  readonly retrySafe: boolean
  readonly reply?: WireReply | undefined
  readonly cause?: unknown
}

/** The one place where errors of the client are made. */
export function requestError(code: string, message: string, { cause, ...parts }: Parts): RequestError {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code, ...parts })
}

/** What cannot be asked for is refused before anything is sent. */
export const badArgument = (message: string, cause?: unknown): RequestError =>
  requestError('BAD_ARGUMENT', message, { retrySafe: true, cause })

/** Nobody waits any more, for the reason that the signal gives. */
export const abortedBy = (signal: AbortSignal | undefined, retrySafe: boolean): RequestError =>
  requestError('ABORTED', 'The request was aborted', { retrySafe, cause: signal?.reason })

export const noReplyInTime = (): RequestError => requestError('TIMEOUT', 'No reply came in time', { retrySafe: false })

const ROWS: ReadonlyMap<string, CodeRow> = new Map(Object.entries(CODES))

/** What an `ERR` reply says, as an error. */
export function errorOf(reply: WireReply): RequestError {
  const reason = header(reply, 'Reason') ?? 'no reason given'
  // A code that came to be after this client: nothing is known of it, so that nothing is promised.
  const retrySafe = ROWS.get(reply.summary)?.retrySafe ?? false
  return requestError(reply.summary, `${reply.summary}: ${reason}`, { reply, retrySafe })
}

/** An error of what may have been carried out all the same. */
export const doubtful = (error: RequestError): RequestError => Object.assign(error, { retrySafe: false })
