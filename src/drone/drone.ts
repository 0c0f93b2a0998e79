import type { Failure } from '../wire/failure.ts'

// What flies: the backend of the server. Units are those of the SI; the wire's are turned into them in units.ts alone.

/** A point in metres: right-handed, X east, Y north, Z up, from where the drone started (section 6). */
export interface Position {
  readonly xM: number
  readonly yM: number
  readonly zM: number
}

export interface Color {
  /** 0..255, as the others. */
  readonly red: number
  readonly green: number
  readonly blue: number
}

export interface Target {
  readonly xM: number
  readonly yM: number
  readonly zM: number
  readonly speedMPerS: number
}

export type FlightState = 'landed' | 'hovering' | 'moving'

export interface Telemetry {
  readonly state: FlightState
  readonly position: Position
  /** Radians, clockwise from north. */
  readonly headingRad: number
  /** What is left of the battery, 0..1. */
  readonly charge: number
  readonly color: Color
  /** What was written last. */
  readonly text?: string | undefined
}

/** What a drone may lack: leaving the ground and coming down by itself, motors that can be cut, a display, a light. */
export type Capability = 'takeoff' | 'cutoff' | 'display' | 'light'

/** Operations are numbered from 1: this is the number of none. */
export const NO_OP = 0

/** How an operation was accepted, or ended: well, or with the code to tell the client. */
export type Outcome = undefined | Failure

/** Whoever is told what comes of operations, and of the drone. */
export interface DroneObserver {
  /** An operation that was accepted has come to its end by itself, and not by another or by `hover`. */
  ended(op: number, outcome: Outcome): void
  /** The link between server and drone. */
  linkChanged(state: 'lost' | 'regained'): void
}

/**
 * All connections share one drone. What takes time is an operation, with a number: it is accepted or refused, at once
 * or later, and the end of what was accepted is told to the observer. A later operation takes the place of an earlier.
 */
export interface Drone {
  /** As HELLO and STATUS tell it. */
  readonly name: string
  readonly capabilities: ReadonlySet<Capability>
  /** Whether it is off the ground. */
  readonly airborne: boolean
  /** The altitude last aimed at, in metres; where it hovers, that one. */
  readonly aimedM: number
  telemetry(): Telemetry
  /** Tells one observer from now on. */
  observe(observer: DroneObserver): void
  takeOff(altitudeM: number, op: number): Outcome | Promise<Outcome>
  moveTo(target: Target, op: number): Outcome | Promise<Outcome>
  /** Descends to the ground below. On the ground that is done at once, and calls off a start that was not begun. */
  land(op: number): Outcome | Promise<Outcome>
  /** Stops where it is, whatever it was about. On the ground that is nothing. */
  hover(): Outcome | Promise<Outcome>
  /** Motors off, whatever comes of it. */
  cutMotors(): Outcome | Promise<Outcome>
  show(text: string): Outcome | Promise<Outcome>
  paint(color: Color): Outcome | Promise<Outcome>
}
