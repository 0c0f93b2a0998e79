/** What every event of the server has. */
interface Common {
  readonly eventSeq: number
  /** ISO 8601, UTC. */
  readonly time: string
  /** Milliseconds since the server started. */
  readonly uptime: number
  /** How many telemetry events were left out before this one. */
  readonly dropped?: number | undefined
}

/** A place in centimetres: X east, Y north, Z up. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly z: number
}

export interface Telemetry extends Common, Place {
  readonly name: 'TELEMETRY'
  readonly drone: string
  readonly state: string
  /** Degrees, clockwise from north. */
  readonly heading: number
  /** Percent. */
  readonly battery: number
  readonly r: number
  readonly g: number
  readonly b: number
  readonly text?: string | undefined
}

interface Operated extends Common, Place {
  readonly op: number
  readonly session?: number | undefined
  readonly command: string
}

/** An operation begins; the place is where it goes. */
export interface Started extends Operated {
  readonly name: 'STARTED'
}

/** An operation is over; the place is where the drone is. */
export interface Ended extends Operated {
  readonly name: 'ARRIVED' | 'CANCELLED'
}

export interface Failed extends Operated {
  readonly name: 'FAILED'
  readonly code: string
  readonly reason: string
}

/** The server has lost its drone, or has it back. */
export interface LinkChanged extends Common {
  readonly name: 'LINK'
  readonly state: string
}

/** What the server tells those who subscribed, as the client library hands it over. */
export type WatchedEvent = Telemetry | Started | Ended | Failed | LinkChanged
