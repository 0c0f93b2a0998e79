import type { Clock } from '../time/clock.ts'
import type { WireName } from '../wire/wire.ts'
import type { DialOptions } from './dial.ts'
import type { WaitOptions } from './outstanding.ts'
import type { ReconnectOptions } from './reconnect.ts'
import type { WireReply } from './wire-reply.ts'

export interface SessionOptions extends WaitOptions, DialOptions {
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
   * twice. Takes `reconnect`.
   */
  readonly retry?: boolean
  /** Leaves HELLO to the caller, where this is false. */
  readonly hello?: boolean
  /** Told every EVENT of the server. */
  readonly onEvent?: (event: WireReply) => void
  readonly clock?: Clock
}
