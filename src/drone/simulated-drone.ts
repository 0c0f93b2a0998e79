import type { Clock } from '../time/clock.ts'
import type { Color, Drone, Position, Target, Telemetry } from './drone.ts'

const FULL_BATTERY_PERCENT = 100
/** One percent lasts this long. An empty battery keeps a simulated drone in the air all the same. */
const BATTERY_PERCENT_MS = 60_000

/** A straight flight from one point to another, at an even speed. */
interface Leg {
  readonly from: Position
  readonly to: Position
  readonly departureMs: number
  readonly durationMs: number
}

const ORIGIN: Position = { xCm: 0, yCm: 0, zCm: 0 }
const BLACK: Color = { red: 0, green: 0, blue: 0 }

/**
 * The drone that needs no hardware: in the air at the origin from the start, and where it is at any moment follows
 * from its last target and the clock alone.
 */
export class SimulatedDrone implements Drone {
  readonly name = 'sim'
  readonly #clock: Clock
  readonly #startMs: number
  readonly #arrivals = new Set<() => void>()
  #callOffTimer: (() => void) | undefined
  #leg: Leg
  /** The last direction over the ground; none is north. */
  #course = { east: 0, north: 0 }
  #color = BLACK
  #text: string | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startMs = clock.now()
    this.#leg = { from: ORIGIN, to: ORIGIN, departureMs: this.#startMs, durationMs: 0 }
  }

  telemetry(): Telemetry {
    const nowMs = this.#clock.now()
    const minutes = Math.floor((nowMs - this.#startMs) / BATTERY_PERCENT_MS)
    return {
      state: this.#remainingMs(nowMs) > 0 ? 'moving' : 'hovering',
      position: this.#position(nowMs),
      headingDegrees: headingOf(this.#course),
      batteryPercent: Math.max(0, FULL_BATTERY_PERCENT - minutes),
      color: this.#color,
      text: this.#text,
    }
  }

  moveTo({ xCm, yCm, zCm = this.#leg.to.zCm, speedCmPerS }: Target): undefined {
    const departureMs = this.#clock.now()
    const from = this.#position(departureMs)
    const to = { xCm, yCm, zCm }
    const east = xCm - from.xCm
    const north = yCm - from.yCm
    const up = zCm - from.zCm
    const distanceCm = Math.sqrt(east * east + north * north + up * up)
    this.#leg = { from, to, departureMs, durationMs: (distanceCm / speedCmPerS) * 1000 }
    if (east !== 0 || north !== 0) this.#course = { east, north }
    if (this.#arrivals.size > 0) this.#awaitArrival()
  }

  hover(): undefined {
    const nowMs = this.#clock.now()
    const here = this.#position(nowMs)
    this.#leg = { from: here, to: here, departureMs: nowMs, durationMs: 0 }
    if (this.#arrivals.size > 0) this.#awaitArrival()
  }

  show(text: string): undefined {
    this.#text = text
  }

  paint(color: Color): undefined {
    this.#color = color
  }

  onArrival(callback: () => void): () => void {
    this.#arrivals.add(callback)
    this.#awaitArrival()
    return () => {
      this.#arrivals.delete(callback)
      if (this.#arrivals.size === 0) this.#callOffTimer?.()
    }
  }

  #position(nowMs: number): Position {
    const { from, to, departureMs, durationMs } = this.#leg
    if (this.#remainingMs(nowMs) <= 0) return to
    const part = (nowMs - departureMs) / durationMs
    return {
      xCm: from.xCm + (to.xCm - from.xCm) * part,
      yCm: from.yCm + (to.yCm - from.yCm) * part,
      zCm: from.zCm + (to.zCm - from.zCm) * part,
    }
  }

  #remainingMs(nowMs: number): number {
    return this.#leg.departureMs + this.#leg.durationMs - nowMs
  }

  /** One timer for all who wait, set anew for every target; it may ring early, and is then set for the rest. */
  #awaitArrival(): void {
    this.#callOffTimer?.()
    this.#callOffTimer = this.#clock.after(this.#remainingMs(this.#clock.now()), () => {
      if (this.#remainingMs(this.#clock.now()) > 0) return this.#awaitArrival()
      const arrivals = [...this.#arrivals]
      this.#arrivals.clear()
      for (const arrived of arrivals) arrived()
    })
  }
}

/** Clockwise from north, 0..359. */
function headingOf({ east, north }: { readonly east: number; readonly north: number }): number {
  const degrees = (Math.atan2(east, north) / Math.PI) * 180
  return (Math.round(degrees) + 360) % 360
}
