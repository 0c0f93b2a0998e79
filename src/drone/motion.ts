import type { Position, Target } from './drone.ts'

/** Less than this, in milliseconds, is what arithmetic with binary fractions leaves behind. */
const NO_TIME_MS = 0.001

/**
 * The straight flight from one point to another, at an even speed, that a drone is on, or was on last: where it is at
 * any moment follows from that and the time alone. Numbers that are overwritten, since V8 does so in place: with
 * objects for the points and for the flight a MOVE takes 30 ns more.
 */
export class Motion {
  /** Ends on the ground. */
  lands = false
  #departureMs = 0
  #durationMs = 0
  #fromX = 0
  #fromY = 0
  #fromZ = 0
  #toX = 0
  #toY = 0
  #toZ = 0
  /** The last direction over the ground; none is north. */
  #east = 0
  #north = 0

  /** Standing. Times are milliseconds of a monotonic clock. */
  constructor(at: Position, nowMs: number, lands: boolean) {
    this.stand(at, nowMs, lands)
  }

  /** Sets out for another point, from wherever it is. */
  fly({ xM, yM, zM, speedMPerS }: Target, nowMs: number, lands: boolean): void {
    const part = this.#part(nowMs)
    const fromX = between(this.#fromX, this.#toX, part)
    const fromY = between(this.#fromY, this.#toY, part)
    const fromZ = between(this.#fromZ, this.#toZ, part)
    const east = xM - fromX
    const north = yM - fromY
    const up = zM - fromZ
    this.#fromX = fromX
    this.#fromY = fromY
    this.#fromZ = fromZ
    this.#toX = xM
    this.#toY = yM
    this.#toZ = zM
    this.#departureMs = nowMs
    this.#durationMs = (Math.sqrt(east * east + north * north + up * up) / speedMPerS) * 1000
    this.lands = lands
    if (east === 0 && north === 0) return
    this.#east = east
    this.#north = north
  }

  /** Is at a point from now on, and stays there. */
  stand({ xM, yM, zM }: Position, nowMs: number, lands: boolean): void {
    this.#fromX = this.#toX = xM
    this.#fromY = this.#toY = yM
    this.#fromZ = this.#toZ = zM
    this.#departureMs = nowMs
    this.#durationMs = 0
    this.lands = lands
  }

  get arrivalMs(): number {
    return this.#departureMs + this.#durationMs
  }

  hasArrived(nowMs: number): boolean {
    return this.arrivalMs - nowMs < NO_TIME_MS
  }

  position(nowMs: number): Position {
    const part = this.#part(nowMs)
    return {
      xM: between(this.#fromX, this.#toX, part),
      yM: between(this.#fromY, this.#toY, part),
      zM: between(this.#fromZ, this.#toZ, part),
    }
  }

  /** Where it looks: radians, clockwise from north. */
  get headingRad(): number {
    return Math.atan2(this.#east, this.#north)
  }

  /** 0..1. */
  #part(nowMs: number): number {
    return this.hasArrived(nowMs) ? 1 : (nowMs - this.#departureMs) / this.#durationMs
  }
}

/** Exact at its end, as no sum of fractions would be. */
const between = (from: number, to: number, part: number): number => (part === 1 ? to : from + (to - from) * part)
