import type { Code } from '../wire/codes.ts'
import type { WireReply } from './wire-reply.ts'

/** What the client library itself has to say, beside the codes of the protocol. */
export type ClientCode = Code | 'ABORTED'

/** Why a request failed: a plain Error that says more. */
export interface RequestError extends Error {
  /** The protocol's code; or CONNECTION_CLOSED, TIMEOUT or ABORTED where no reply came. */
  readonly code: string
  /** The `ERR` reply, where one came. */
  readonly reply?: WireReply | undefined
  /** The command was certainly not carried out, so that sending it again cannot do it twice. */
  readonly retrySafe: boolean
}

interface Parts {
  readonly retrySafe: boolean
  readonly reply?: WireReply | undefined
  readonly cause?: unknown
}

/** The one place where errors of the client are made. */
export function requestError(code: string, message: string, { cause, ...parts }: Parts): RequestError {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code, ...parts })
}
