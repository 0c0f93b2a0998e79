import type { Logger } from 'pino'
import type { ServedCommand } from '../commands/define.ts'
import type { Drone } from '../drone/drone.ts'
import type { Fence } from '../drone/fence.ts'
import type { Journal } from '../recorder/journal.ts'
import type { Timeouts } from '../session/deadlines.ts'
import type { Clock } from '../time/clock.ts'
import type { WireName } from '../wire/wire.ts'
import type { ControlMode } from './control.ts'
import type { Credentials } from './identities.ts'
import type { TlsOptions } from './tls.ts'

/** The highest that `maxFrameBytes` goes: the limit of the article that the framed wire comes from. */
export const MAX_FRAME_BYTES = 10_000_000

/** What a server does where it is not told otherwise (section 5). */
export const DEFAULTS = {
  maxConnections: 1024,
  maxUnauthenticated: 50,
  landAfterMs: 10_000,
  timeouts: { handshakeMs: 60_000, messageMs: 60_000, idleMs: 600_000, commandMs: 660_000 },
} as const satisfies Partial<ServerOptions>

export interface ServerOptions {
  /** What HELLO must bring: printable ASCII without spaces. Without one any HELLO will do, on this machine only. */
  readonly token?: string | undefined
  /** For listeners that speak TLS. */
  readonly tls?: TlsOptions | undefined
  /** Refuses a bare LF (F2). */
  readonly strictCrlf?: boolean
  /** The longest payload on the framed wire, in bytes, 1..10,000,000: 8192, if left out. */
  readonly maxFrameBytes?: number
  /** Connections beyond this many are told BUSY: 1024, if left out. */
  readonly maxConnections?: number
  /** Beyond this many that have not said HELLO, one of them, by chance, has to go for each newcomer: 50, if left out. */
  readonly maxUnauthenticated?: number
  /** What is held against strangers, and penalties, are not for this machine; true, if left out. */
  readonly loopbackExempt?: boolean
  /** How long a session may take, in milliseconds; 0 is off. */
  readonly timeouts?: Partial<Timeouts>
  /** What flies, told by HELLO. */
  readonly drone?: Drone
  /** In place of one token: who may come, and as what. */
  readonly credentials?: Credentials | undefined
  /** The Ttl of motion that has none of its own, in milliseconds, up to 60,000; 0, if left out, is none. */
  readonly motionTtlMs?: number
  /** Whether all may fly the drone, or one at a time: `shared`, if left out. */
  readonly control?: ControlMode
  /** From when a pilot with a lease is gone, and the drone hovers, to its landing, in milliseconds: 10,000, if left out; 0 is never. */
  readonly landAfterMs?: number
  /** Where the drone may be sent: anywhere, if left out. */
  readonly fence?: Fence | undefined
  /** What must be left in the battery for TAKEOFF, 0..1: 0.15, if left out. */
  readonly batteryFloor?: number | undefined
  /** Where every command and event is written down before its reply leaves. */
  readonly journal?: Journal | undefined
  /** What the server can do beside HELLO, PING, HELP and QUIT: if left out, fly the drone. */
  readonly commands?: readonly ServedCommand[] | undefined
  readonly clock?: Clock
  /** The date and time that events tell: the machine's, if left out. */
  readonly wallClock?: () => Date
  /** From 0 to 1: `Math.random`, if left out. */
  readonly random?: () => number
  /** Silent without one. */
  readonly logger?: Logger
  /** What the greeting calls the server, as `skyline/0.1.0`: `skyline`, if left out. */
  readonly name?: string
}

/** What is spoken at a place where a server listens. */
export interface ListenOptions {
  /** How messages are put into bytes: `text`, if left out. */
  readonly wire?: WireName
  /** Within TLS, of the options `tls` of the server. */
  readonly tls?: boolean
}
