import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import {
  type Capability,
  type Color,
  type Drone,
  type DroneObserver,
  NO_OP,
  type Outcome,
  type Position,
  type Target,
  type Telemetry,
} from './drone.ts'
import { Motion } from './motion.ts'

/** One hundredth of the battery lasts this long. An empty one keeps a simulated drone in the air all the same. */
const HUNDREDTH_MS = 60_000
/** How fast it climbs and descends by itself, in metres a second. */
const VERTICAL_M_PER_S = 1
const GROUND_M = 0
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
  readonly #motion: Motion
  /** The operation whose end is yet to be told; NO_OP where it is none, or was told. */
  #op = NO_OP
  #isLinked = true
  #color = BLACK
  #text: string | undefined

  constructor(clock: Clock, { landed = false, charge = 1, capabilities = CAPABILITIES }: SimulatedDroneOptions = {}) {
    this.capabilities = capabilities
    this.#clock = clock
    this.#startMs = clock.now()
    this.#charge = charge
    this.#motion = new Motion(ORIGIN, this.#startMs, landed)
    this.#arrival = new Alarm(clock, { wake: (nowMs) => this.#look(nowMs) })
  }

  get airborne(): boolean {
    return !this.#motion.lands || !this.#motion.hasArrived(this.#clock.now())
  }

  observe(observer: DroneObserver): void {
    this.#observer = observer
  }

  telemetry(): Telemetry {
    const nowMs = this.#clock.now()
    const motion = this.#motion
    const spent = Math.floor((nowMs - this.#startMs) / HUNDREDTH_MS) / 100
    return {
      state: motion.hasArrived(nowMs) ? (this.airborne ? 'hovering' : 'landed') : 'moving',
      position: motion.position(nowMs),
      headingRad: motion.headingRad,
      charge: Math.max(0, this.#charge - spent),
      color: this.#color,
      text: this.#text,
    }
  }

  takeOff(altitudeM: number, op: number): Outcome {
    const { xM, yM } = this.#motion.position(this.#clock.now())
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
    const { xM, yM, zM } = this.#motion.position(this.#clock.now())
    const { aimedM } = this
    const below = { xM, yM, zM: Math.min(zM, GROUND_M), speedMPerS: VERTICAL_M_PER_S }
    const outcome = this.#fly(below, op, true)
    // Who is sent elsewhere on the way down goes there at the altitude that it came from.
    this.aimedM = aimedM
    return outcome
  }

  hover(): Outcome {
    if (!this.#isLinked) return linkLost()
    const nowMs = this.#clock.now()
    this.#tellArrival(nowMs)
    if (this.airborne) this.#stand(this.#motion.position(nowMs), nowMs, false)
    return undefined
  }

  /** It drops where it is. */
  cutMotors(): Outcome {
    if (!this.#isLinked) return linkLost()
    const nowMs = this.#clock.now()
    this.#tellArrival(nowMs)
    const { xM, yM, zM } = this.#motion.position(nowMs)
    this.#stand({ xM, yM, zM: Math.min(zM, GROUND_M) }, nowMs, true)
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

  #fly(to: Target, op: number, lands = false): Outcome {
    if (!this.#isLinked) return linkLost()
    const nowMs = this.#clock.now()
    this.#tellArrival(nowMs)
    this.#op = op
    this.#motion.fly(to, nowMs, lands)
    this.aimedM = to.zM
    this.#arrival.setFor(this.#motion.arrivalMs)
    return undefined
  }

  #stand(at: Position, nowMs: number, lands: boolean): void {
    this.#op = NO_OP
    this.#motion.stand(at, nowMs, lands)
    this.aimedM = at.zM
    this.#arrival.off()
  }

  /** Tells that it has arrived; or was woken too early, by what an earlier leg had set, and sleeps on. */
  #look(nowMs: number): void {
    if (this.#motion.hasArrived(nowMs)) this.#tellArrival(nowMs)
    else this.#arrival.setFor(this.#motion.arrivalMs)
  }

  /** Once it has arrived, also where it is told something else before it was woken: timers are late. */
  #tellArrival(nowMs: number): void {
    const op = this.#op
    if (op === NO_OP || !this.#motion.hasArrived(nowMs)) return
    this.#op = NO_OP
    this.#observer?.ended(op, undefined)
  }
}

const linkLost = () => new Failure('LINK_LOST')
