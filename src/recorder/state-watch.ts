import type { Fence } from '../drone/fence.ts'
import type { SimulatedDrone } from '../drone/simulated-drone.ts'
import type { Clock } from '../time/clock.ts'
import { type State, stateOf } from './drone-state.ts'

/** So often at the most the place of a drone that flies is recorded, in milliseconds. */
export const PLACE_MS = 100

/**
 * Tells when the state of a drone is to be recorded: when anything has changed but where it is, and in the end where it
 * came to; on its way there ten times a second will do, since it cannot be gone on from, and its commands are recorded.
 */
export class StateWatch {
  readonly #drone: SimulatedDrone
  readonly #fence: Fence
  readonly #clock: Clock
  /** As it was recorded last, and when. */
  #state: State | undefined
  #atMs = Number.NEGATIVE_INFINITY

  constructor(drone: SimulatedDrone, fence: Fence, clock: Clock) {
    this.#drone = drone
    this.#fence = fence
    this.#clock = clock
  }

  /** What was recorded last is lost: the next is to be recorded whatever it is. */
  forget(): void {
    this.#state = undefined
    this.#atMs = Number.NEGATIVE_INFINITY
  }

  /** Whether it is on its way: what is to be recorded changes by itself. */
  get isMoving(): boolean {
    return this.#drone.telemetry().state === 'moving'
  }

  /** The state, if it is to be recorded now: the last one is, if it is another. */
  news(isLast = false): State | undefined {
    const nowMs = this.#clock.now()
    if (!isLast && nowMs - this.#atMs < PLACE_MS && this.#isOnItsWay()) return undefined
    const state = stateOf(this.#drone, this.#fence)
    if (this.#state !== undefined && isUnchanged(state, this.#state)) return undefined
    this.#state = state
    this.#atMs = nowMs
    return state
  }

  /** Flies, and nothing has changed but where it is. */
  #isOnItsWay(): boolean {
    const { state, color, text } = this.#drone.telemetry()
    const before = this.#state ?? {}
    return (
      state === 'moving' &&
      color === before['color'] &&
      text === before['text'] &&
      this.#drone.aimedM === before['aimedM'] &&
      this.#drone.airborne === before['airborne']
    )
  }
}

/** Whether nothing has changed. Each of its parts is replaced when it changes, and never written to. */
function isUnchanged(state: State, before: State): boolean {
  for (const key in state) if (state[key] !== before[key]) return false
  return true
}
