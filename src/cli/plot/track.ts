/** A place of the drone in cm, as it was told: X east, Y north, Z up. */
export interface TrackPoint {
  readonly x: number
  readonly y: number
  /** Undefined where nobody has told an altitude yet. */
  readonly z: number | undefined
  /** The server's monotonic clock; a reply has none. */
  readonly uptimeMs: number | undefined
  /** Telemetry has seen the drone there; a reply tells where it is, or is to go, and not how it came there. */
  readonly isTelemetry: boolean
  /** What the drone shines in, as `#rrggbb`; undefined where that is black, or not told. */
  readonly color: string | undefined
}

export const MARK_KINDS = ['target', 'arrived', 'cancelled', 'failed'] as const
export type MarkKind = (typeof MARK_KINDS)[number]

/** Where something was to happen, or has. */
export interface TrackMark {
  readonly kind: MarkKind
  readonly x: number
  readonly y: number
  readonly z: number | undefined
  /** How many points of the track came before it. */
  readonly after: number
  /** What a pointer that rests on it is shown. */
  readonly label: string
}

export interface Track {
  /** At least one, in their order. */
  readonly points: readonly TrackPoint[]
  readonly marks: readonly TrackMark[]
  /** The drone's name, where it was told. */
  readonly drone: string | undefined
  /** The line on which what was read ends within a message, which is left out. */
  readonly cutOff: number | undefined
}
