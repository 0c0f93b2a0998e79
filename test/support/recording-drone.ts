import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Capability, Color, Drone, Outcome, Target, Telemetry } from '../../src/drone/drone.ts'
import { Failure } from '../../src/wire/failure.ts'

/** What becomes of an order, by its number alone. */
export type Fate = 'done' | 'done later' | 'refused' | 'refused later' | 'done and broken'

const FATES: readonly [divisor: number, remainder: number, fate: Fate][] = [
  [17, 5, 'done and broken'],
  [13, 7, 'refused'],
  [13, 9, 'refused later'],
  [3, 1, 'done later'],
]

export const fateOf = (order: number): Fate =>
  FATES.find(([divisor, remainder]) => order % divisor === remainder)?.[2] ?? 'done'

/** The number of an order as a color. */
export const colorOf = (order: number) => ({ r: order >> 16, g: (order >> 8) & 0xff, b: order & 0xff })

const PADDING_BYTES = 100

/** The number of an order as a text, of a length of its own among its neighbours. */
export const textOf = (order: number): string => `#${order};`.padEnd(order % PADDING_BYTES, 'x')

/** The numbers of the texts in some bytes, on whatever wire. */
export const textsIn = (bytes: Buffer): number[] =>
  [...bytes.toString('latin1').matchAll(/#(\d+);/g)].map(([, digits]) => Number(digits))

/** A drone that keeps a list of its orders, which are numbered, and carries out those whose fate it is. */
export class RecordingDrone implements Drone {
  readonly name = 'recorder'
  /** All that it was told, in order. */
  readonly told: number[] = []
  readonly done = new Set<number>()
  /** With one, orders are done at once, and said to be done when it resolves. */
  gate: Promise<void> | undefined

  readonly capabilities = new Set<Capability>(['takeoff', 'cutoff', 'display', 'light'])
  readonly airborne = true
  readonly aimedM = 0

  telemetry(): Telemetry {
    const position = { xM: 0, yM: 0, zM: 0 }
    const color = { red: 0, green: 0, blue: 0 }
    return { state: 'hovering', position, headingRad: 0, charge: 1, color }
  }

  observe(): void {}

  takeOff(): undefined {}

  land(): undefined {}

  cutMotors(): undefined {}

  hover(): undefined {}

  moveTo({ xM }: Target): Outcome | Promise<Outcome> {
    return this.#obey(Math.round(xM * 100))
  }

  show(text: string): Outcome | Promise<Outcome> {
    return this.#obey(Number.parseInt(text.slice(1), 10))
  }

  paint({ red, green, blue }: Color): Outcome | Promise<Outcome> {
    return this.#obey((red << 16) | (green << 8) | blue)
  }

  #obey(order: number): Outcome | Promise<Outcome> {
    this.told.push(order)
    const fate = fateOf(order)
    const refusal = fate.startsWith('refused') ? new Failure('OUT_OF_RANGE') : undefined
    if (refusal === undefined) this.done.add(order)
    if (fate === 'done and broken') throw new Error(`Order ${order} broke the drone`)
    if (this.gate !== undefined) return this.gate.then(() => refusal)
    return fate.endsWith('later') ? nextTurn(refusal) : refusal
  }
}
