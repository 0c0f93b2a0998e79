import type { Clock } from '../time/clock.ts'
import type { Wire, WireName } from '../wire/wire.ts'
import type { DialOptions } from './dial.ts'
import { badArgument } from './error.ts'
import type { WaitOptions } from './outstanding.ts'
import { checkTimeout } from './patiently.ts'
import type { ReconnectOptions } from './reconnect.ts'
import type { WireReply } from './wire-reply.ts'

export interface SessionOptions extends WaitOptions, DialOptions {
  /**
   * How long to wait for each reply, in milliseconds; 0 is for ever. If left out, 10 s for the greeting and for the reply
   * to HELLO, and for ever for those to all others.
   */
  readonly timeoutMs?: number | undefined
  /** How messages are put into bytes: `text`, if left out. */
  readonly wire?: WireName | undefined
  readonly token?: string | undefined
  /** A name for the server's log. */
  readonly client?: string | undefined
  /** Comes back after a lost connection. What was in flight is rejected, and never sent again. */
  readonly reconnect?: boolean | ReconnectOptions
  /** Wants to be missed after so long a silence, in milliseconds: the drone hovers, then lands. PINGs keep it while this runs. */
  readonly lease?: number | undefined
  /** What the drone does when the session ends. */
  readonly onClose?: 'hover' | 'land' | 'continue' | undefined
  /**
   * Sends what was in flight when a connection was lost again over the next, each under a Key, so that nothing is run
   * twice. Has the client come back, with or without `reconnect`.
   */
  readonly retry?: boolean
  /** Leaves HELLO to the caller, where this is false. */
  readonly hello?: boolean
  /** Told every EVENT of the server. */
  readonly onEvent?: (event: WireReply) => void
  readonly clock?: Clock
}

/** These are said in headers. */
const HEADER_OPTIONS = ['client', 'lease', 'onClose'] as const

/** Throws BAD_ARGUMENT where an option cannot be had. */
export function checkOptions(options: SessionOptions, { name, hasHeaders }: Wire): void {
  const { timeoutMs, retry = false, reconnect = retry } = options
  checkTimeout(timeoutMs)
  if (typeof reconnect === 'object') checkDelays(reconnect)
  if (retry && reconnect === false) throw badArgument('retry takes reconnect')
  if (hasHeaders) return
  if (retry) throw badArgument(`retry takes Key, which the ${name} wire has not`)
  const lost = HEADER_OPTIONS.find((option) => options[option] !== undefined)
  if (lost !== undefined) throw badArgument(`${lost} cannot be said on the ${name} wire`)
}

function checkDelays({ minDelayMs, maxDelayMs }: ReconnectOptions): void {
  for (const [option, delayMs] of Object.entries({ minDelayMs, maxDelayMs }))
    if (delayMs !== undefined && !(Number.isFinite(delayMs) && delayMs > 0))
      throw badArgument(`${option} is to be a number above 0, got ${String(delayMs)}`)
}
