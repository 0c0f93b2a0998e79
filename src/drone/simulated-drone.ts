import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import type { Capability, Color, Drone, DroneObserver, Outcome, Position, Target, Telemetry } from './drone.ts'

/** One hundredth of the battery lasts this long. An empty one keeps a simulated drone in the air all the same. */
const HUNDREDTH_MS = 60_000
/** How fast it climbs and descends by itself, in metres a second. */
const VERTICAL_M_PER_S = 1
const GROUND_M = 0
/** Less than this, in milliseconds, is what arithmetic with binary fractions leaves behind. */
const NO_TIME_MS = 0.001

/** A straight flight from one point to another, at an even speed. */
interface Leg {
  /** The operation that it is of; 0 where it is of none. */
  readonly op: number
  readonly from: Position
  readonly to: Position
  readonly departureMs: number
  readonly durationMs: number
  /** Ends on the ground. */
  readonly lands: boolean
}

const ORIGIN: Position = { xM: 0, yM: 0, zM: GROUND_M }
const BLACK: Color = { red: 0, green: 0, blue: 0 }
const CAPABILITIES: ReadonlySet<Capability> = new Set(['takeoff', 'cutoff', 'display', 'light'])

export interface SimulatedDroneOptions {
  /** Starts on the ground; in the air, if left out. */
  readonly landed?: boolean
  /** What is in the battery at the start, 0..1. */
  readonly charge?: number
  readonly capabilities?: ReadonlySet<Capability>
}

/** The drone that needs no hardware: where it is at any moment follows from its last operation and the clock alone. */
export class SimulatedDrone implements Drone {
  readonly name = 'sim'
  readonly capabilities: ReadonlySet<Capability>
  aimedM = GROUND_M
  readonly #clock: Clock
  readonly #startMs: number
  readonly #charge: number
  readonly #arrival: Alarm
  #observer: DroneObserver | undefined
  #leg: Leg
  #isLinked = true
  /** The last direction over the ground; none is north. */
  #course = { east: 0, north: 0 }
  #color = BLACK
  #text: string | undefined

  constructor(clock: Clock, { landed = false, charge = 1, capabilities = CAPABILITIES }: SimulatedDroneOptions = {}) {
    this.capabilities = capabilities
    this.#clock = clock
    this.#startMs = clock.now()
    this.#charge = charge
    this.#leg = { op: 0, from: ORIGIN, to: ORIGIN, departureMs: this.#startMs, durationMs: 0, lands: landed }
    this.#arrival = new Alarm(clock, () => this.#look())
  }

  get airborne(): boolean {
    return !this.#leg.lands || this.#remainingMs(this.#clock.now()) > 0
  }

  observe(observer: DroneObserver): void {
    this.#observer = observer
  }

  telemetry(): Telemetry {
    const nowMs = this.#clock.now()
    const isMoving = this.#remainingMs(nowMs) > 0
    const spent = Math.floor((nowMs - this.#startMs) / HUNDREDTH_MS) / 100
    return {
      state: isMoving ? 'moving' : this.airborne ? 'hovering' : 'landed',
      position: this.#position(nowMs),
      headingRad: Math.atan2(this.#course.east, this.#course.north),
      charge: Math.max(0, this.#charge - spent),
      color: this.#color,
      text: this.#text,
    }
  }

  takeOff(altitudeM: number, op: number): Outcome {
    const { xM, yM } = this.#position(this.#clock.now())
    return this.#fly({ xM, yM, zM: altitudeM, speedMPerS: VERTICAL_M_PER_S }, op)
  }

  moveTo(target: Target, op: number): Outcome {
    return this.#fly(target, op)
  }

  land(op: number): Outcome {
    if (!this.#isLinked) return linkLost()
    if (!this.airborne) {
      this.#observer?.ended(op, undefined)
      return undefined
    }
    const { xM, yM, zM } = this.#position(this.#clock.now())
    const { aimedM } = this
    const below = { xM, yM, zM: Math.min(zM, GROUND_M), speedMPerS: VERTICAL_M_PER_S }
    const outcome = this.#fly(below, op, true)
    // Who is sent elsewhere on the way down goes there at the altitude that it came from.
    this.aimedM = aimedM
    return outcome
  }

  hover(): Outcome {
    if (!this.#isLinked) return linkLost()
    this.#tellArrival()
    if (this.airborne) this.#stand(this.#position(this.#clock.now()), false)
    return undefined
  }

  /** It drops where it is. */
  cutMotors(): Outcome {
    if (!this.#isLinked) return linkLost()
    this.#tellArrival()
    const { xM, yM, zM } = this.#position(this.#clock.now())
    this.#stand({ xM, yM, zM: Math.min(zM, GROUND_M) }, true)
    return undefined
  }

  show(text: string): Outcome {
    if (!this.#isLinked) return linkLost()
    this.#text = text
    return undefined
  }

  paint(color: Color): Outcome {
    if (!this.#isLinked) return linkLost()
    this.#color = color
    return undefined
  }

  /** Loses the link, as a real drone may: what is under way goes on, and nothing new is taken until it is back. */
  setLink(state: 'lost' | 'regained'): void {
    const isLinked = state === 'regained'
    if (isLinked === this.#isLinked) return
    this.#isLinked = isLinked
    this.#observer?.linkChanged(state)
  }

  #fly({ xM, yM, zM, speedMPerS }: Target, op: number, lands = false): Outcome {
    if (!this.#isLinked) return linkLost()
    this.#tellArrival()
    const departureMs = this.#clock.now()
    const from = this.#position(departureMs)
    const east = xM - from.xM
    const north = yM - from.yM
    const up = zM - from.zM
    const distanceM = Math.sqrt(east * east + north * north + up * up)
    const durationMs = (distanceM / speedMPerS) * 1000
    this.#leg = { op, from, to: { xM, yM, zM }, departureMs, durationMs, lands }
    this.aimedM = zM
    if (east !== 0 || north !== 0) this.#course = { east, north }
    this.#arrival.setFor(departureMs + durationMs)
    return undefined
  }

  #stand(at: Position, lands: boolean): void {
    this.#leg = { op: 0, from: at, to: at, departureMs: this.#clock.now(), durationMs: 0, lands }
    this.aimedM = at.zM
    this.#arrival.off()
  }

  #position(nowMs: number): Position {
    const { from, to, departureMs, durationMs } = this.#leg
    if (this.#remainingMs(nowMs) <= 0) return to
    const part = (nowMs - departureMs) / durationMs
    return {
      xM: from.xM + (to.xM - from.xM) * part,
      yM: from.yM + (to.yM - from.yM) * part,
      zM: from.zM + (to.zM - from.zM) * part,
    }
  }

  /** 0 once it has arrived. */
  #remainingMs(nowMs: number): number {
    const ms = this.#leg.departureMs + this.#leg.durationMs - nowMs
    return ms < NO_TIME_MS ? 0 : ms
  }

  /** Tells that it has arrived; or was woken too early, by what an earlier leg had set, and sleeps on. */
  #look(): void {
    const leg = this.#leg
    if (this.#remainingMs(this.#clock.now()) > 0) return this.#arrival.setFor(leg.departureMs + leg.durationMs)
    this.#tellArrival()
  }

  /** Once it has arrived, also where it is told something else before it was woken: timers are late. */
  #tellArrival(): void {
    const leg = this.#leg
    if (leg.op === 0 || this.#remainingMs(this.#clock.now()) > 0) return
    this.#leg = { ...leg, op: 0 }
    this.#observer?.ended(leg.op, undefined)
  }
}

const linkLost = () => new Failure('LINK_LOST')
