import type {
  Capability,
  Color,
  Drone,
  DroneObserver,
  Outcome,
  Position,
  Target,
  Telemetry,
} from '../../../src/drone/drone.ts'

const BLACK: Color = { red: 0, green: 0, blue: 0 }
const ALL: ReadonlySet<Capability> = new Set(['takeoff', 'cutoff', 'display', 'light'])

/** Something that a slow drone was told, and has not answered. */
export interface Told {
  readonly what: string
  readonly op: number
  /** Accepts it, or refuses it with a failure, or breaks with an error. */
  answer(outcome?: Outcome): void
  fail(error: Error): void
}

/** A drone far away: it answers whatever it is told when the test says so, and ends an operation likewise. */
export class SlowDrone implements Drone {
  readonly name = 'slow'
  readonly capabilities: ReadonlySet<Capability> = ALL
  airborne = true
  aimedM = 0
  state: Telemetry['state'] = 'hovering'
  position: Position = { xM: 0, yM: 0, zM: 0 }
  readonly told: Told[] = []
  observer: DroneObserver | undefined

  observe(observer: DroneObserver): void {
    this.observer = observer
  }

  telemetry(): Telemetry {
    return { state: this.state, position: this.position, headingRad: 0, charge: 1, color: BLACK }
  }

  takeOff = (_altitudeM: number, op: number): Promise<Outcome> => this.#tell('takeOff', op)
  moveTo = (_target: Target, op: number): Promise<Outcome> => this.#tell('moveTo', op)
  land = (op: number): Promise<Outcome> => this.#tell('land', op)
  hover = (): Promise<Outcome> => this.#tell('hover')
  cutMotors = (): Promise<Outcome> => this.#tell('cutMotors')
  show = (): Promise<Outcome> => this.#tell('show')
  paint = (): Promise<Outcome> => this.#tell('paint')

  #tell(what: string, op = 0): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.told.push({ what, op, answer: resolve, fail: reject })
    })
  }
}
