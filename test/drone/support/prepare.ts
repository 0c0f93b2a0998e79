import type { EventName, Topic } from '../../../src/commands/events.ts'
import type { Context } from '../../../src/commands/handler.ts'
import type { Drone } from '../../../src/drone/drone.ts'
import { type FlightOptions, flight } from '../../../src/drone/flight.ts'
import { Operations } from '../../../src/drone/operations.ts'
import { SimulatedDrone, type SimulatedDroneOptions } from '../../../src/drone/simulated-drone.ts'
import type { ReplyValues } from '../../../src/wire/reply.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export type Told = readonly [name: EventName, values: ReplyValues]

/** A feed that keeps all it is told, for those who want everything. */
export function recordFeed() {
  const events: Told[] = []
  return {
    events,
    wants: () => true,
    /** Whose an operation is stands in a list of its own: here it is always the same. */
    sessions: new Set<unknown>(),
    publish(name: EventName, { session, ...values }: ReplyValues): void {
      if (session !== undefined) this.sessions.add(session)
      events.push([name, values])
    },
    /** In short: `STARTED 1`. */
    get turns(): string[] {
      return events.map(([name, { op, state }]) => `${name} ${op ?? state}`)
    },
  }
}

/** The handlers of flight for a drone, with a session's context and a view of what is published. */
export function prepareWith<D extends Drone>(drone: D, clock: FakeClock, options: FlightOptions = {}) {
  const feed = recordFeed()
  const operations = new Operations(drone, feed)
  const abort = new AbortController()
  const subscriptions = new Map<Topic, number>()
  let operationCount = 0
  const context: Context = {
    signal: abort.signal,
    session: 1,
    nextOperation: () => ++operationCount,
    get lastOperation() {
      return operationCount
    },
    welcome: () => {},
    control: 'shared' as const,
    acquire: () => undefined,
    release: () => {},
    refusalToAcquire: () => undefined,
    subscribe: (topic: Topic, rateHz: number) => void subscriptions.set(topic, rateHz),
    unsubscribe: (topic?: Topic) => void (topic === undefined ? subscriptions.clear() : subscriptions.delete(topic)),
  }
  const handlers = flight(drone, clock, { ...options, operations })
  return { clock, drone, feed, operations, abort, subscriptions, context, handlers }
}

/** The same with the simulated drone. */
export function prepare({ drone, ...options }: FlightOptions & { readonly drone?: SimulatedDroneOptions } = {}) {
  const clock = new FakeClock()
  return prepareWith(new SimulatedDrone(clock, drone), clock, options)
}

/** What MOVE is given: a point, and by default what decoding leaves of the rest. */
export const to = (x: number, y: number, z?: number, { speed = 100, wait }: { speed?: number; wait?: 'yes' } = {}) => ({
  x,
  y,
  z,
  speed,
  wait,
})

export const AT_ONCE = { wait: undefined }
export const WHEN_DONE = { wait: 'yes' } as const

/** What WAIT is given. */
export const patience = (timeout = 60_000, op?: number) => ({ timeout, op })
