import type { Failure } from '../wire/failure.ts'

/** A point in centimetres: right-handed, X east, Y north, Z up, from where the drone started (section 6). */
export interface Position {
  readonly xCm: number
  readonly yCm: number
  readonly zCm: number
}

export interface Color {
  /** 0..255, as the others. */
  readonly red: number
  readonly green: number
  readonly blue: number
}

export interface Target {
  readonly xCm: number
  readonly yCm: number
  /** Where omitted, the altitude last aimed at. */
  readonly zCm?: number | undefined
  readonly speedCmPerS: number
}

export interface Telemetry {
  readonly state: 'landed' | 'hovering' | 'moving'
  readonly position: Position
  /** 0..359, clockwise from north. */
  readonly headingDegrees: number
  /** 0..100. */
  readonly batteryPercent: number
  readonly color: Color
  /** What was written last. */
  readonly text?: string | undefined
}

/** How an operation ended: well, or with the code to tell the client. */
export type Outcome = undefined | Failure

/**
 * What flies: the backend of the server. All connections share one. An operation may take its time; what the drone
 * can tell at once it tells at once.
 */
export interface Drone {
  /** As HELLO and STATUS tell it. */
  readonly name: string
  telemetry(): Telemetry
  /** Sets out for a point; done when it has set out. A later target takes the place of an earlier one. */
  moveTo(target: Target): Outcome | Promise<Outcome>
  /** Stops where it is. */
  hover(): Outcome | Promise<Outcome>
  show(text: string): Outcome | Promise<Outcome>
  paint(color: Color): Outcome | Promise<Outcome>
  /** Calls back once when the drone stands where it was last told to be. Returns how to call that off. */
  onArrival(callback: () => void): () => void
}
