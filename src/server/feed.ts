import { type EventName, TOPICS, type Topic } from '../commands/events.ts'
import type { EventValues, Feed } from '../drone/feed.ts'
import type { Clock } from '../time/clock.ts'
import { WallTime } from '../time/wall-time.ts'
import { Batch, batchesOf, FeedEvent } from './feed-event.ts'
import type { Recorder } from './recorder.ts'

/** In periods: what is nearer to a moment is at it, since a third of a second is no binary fraction. */
const HAIR = 0.001
/** Who gets events. */
export interface Listener {
  deliver(batch: Batch): void
}

interface Pace {
  readonly periodMs: number
  nextMs: number
}

/** What happens to the drone, passed on to whoever has subscribed, between two of the messages that each is sent. */
export class EventFeed implements Feed {
  readonly #clock: Clock
  readonly #time: WallTime
  readonly #telemetry: () => EventValues
  readonly #recorder: Recorder | undefined
  /** Told of events that cannot be told: of what a drone says of itself. */
  readonly #onBroken: (error: unknown) => void
  readonly #startMs: number
  /** No Map: a MOVE asks three times whether anyone listens. */
  readonly #listeners: Readonly<Record<Topic, Set<Listener>>> = {
    TELEMETRY: new Set(),
    OPS: new Set(),
    LINK: new Set(),
    CONTROL: new Set(),
  }
  /** How often those who have subscribed to TELEMETRY get it. */
  readonly #paces = new Map<Listener, Pace>()
  #lastSeq = 0
  #pending: FeedEvent[] = []
  /** Those who were told the first so many of these by themselves. */
  readonly #told = new Map<Listener, number>()
  #callOffTelemetry: (() => void) | undefined

  constructor(
    clock: Clock,
    wallClock: () => Date,
    telemetry: () => EventValues,
    {
      recorder,
      onBroken = () => {},
    }: { readonly recorder?: Recorder | undefined; onBroken?: (error: unknown) => void } = {},
  ) {
    this.#recorder = recorder
    this.#onBroken = onBroken
    this.#clock = clock
    this.#time = new WallTime(wallClock)
    this.#telemetry = telemetry
    this.#startMs = clock.now()
  }

  wants(topic: Topic): boolean {
    return this.#listeners[topic].size > 0 || (topic !== 'TELEMETRY' && this.#recorder !== undefined)
  }

  publish(name: EventName, values: EventValues): void {
    this.#try(() => this.#publish(name, values))
  }

  #publish(name: EventName, values: EventValues): void {
    const event = this.#event(name, values)
    if (this.#listeners[event.topic].size === 0) return
    // By then every reply is on its way that is being made now: so the one that accepts an operation comes before what
    // becomes of it, and no event comes within a message.
    if (this.#pending.length === 0) process.nextTick(() => this.#deliver())
    this.#pending.push(event)
  }

  subscribe(listener: Listener, topic: Topic, rateHz: number): void {
    this.#listeners[topic].add(listener)
    if (topic !== 'TELEMETRY') return
    const periodMs = 1000 / rateHz
    this.#paces.set(listener, { periodMs, nextMs: this.#nextOf(periodMs) })
    this.#awaitTelemetry()
  }

  unsubscribe(listener: Listener, topics: readonly Topic[] = TOPICS): void {
    for (const topic of topics) this.#listeners[topic].delete(listener)
    if (topics.includes('TELEMETRY')) this.#paces.delete(listener)
    if (this.#paces.size === 0) this.#callOffTelemetry?.()
  }

  /** All of the same period are due at the same moments, for the same event: so many periods from the last one on. */
  #nextOf(periodMs: number, periods = 0): number {
    const passed = (this.#clock.now() - this.#startMs) / periodMs
    return this.#startMs + (periods === 0 ? Math.ceil(passed - HAIR) : Math.floor(passed + HAIR) + periods) * periodMs
  }

  #event(name: EventName, values: EventValues): FeedEvent {
    // Added, not copied together: to make an object of others takes a microsecond.
    values['eventSeq'] = ++this.#lastSeq
    const nowMs = this.#clock.now()
    values['time'] = this.#time.at(nowMs)
    values['uptime'] = Math.round(nowMs - this.#startMs)
    const event = new FeedEvent(name, values)
    // Also where nobody records it: one that cannot be told is not to take others along.
    const { text } = event
    this.#recorder?.event(text)
    return event
  }

  /** Whether something has happened that not all who listen have been told. */
  get hasNews(): boolean {
    return this.#pending.length > 0
  }

  /** Tells one, whose session is at work, what has happened by now. The others are told in their turn. */
  deliverTo(listener: Listener): void {
    this.#tell(listener, this.#pending.slice(this.#told.get(listener)))
    this.#told.set(listener, this.#pending.length)
  }

  #deliver(): void {
    const events = this.#pending
    if (events.length === 0) return
    this.#pending = []
    for (const batch of batchesOf(events)) {
      for (const listener of this.#listeners[batch.topic]) {
        if (!this.#told.has(listener)) this.#try(() => listener.deliver(batch))
      }
    }
    for (const [listener, count] of this.#told) this.#tell(listener, events.slice(count))
    this.#told.clear()
  }

  #tell(listener: Listener, events: readonly FeedEvent[]): void {
    for (const batch of batchesOf(events))
      if (this.#listeners[batch.topic].has(listener)) this.#try(() => listener.deliver(batch))
  }

  /** One timer, for whoever is next; those who are due by then get the same event. */
  #awaitTelemetry(): void {
    this.#callOffTelemetry?.()
    let nextMs = Number.POSITIVE_INFINITY
    for (const pace of this.#paces.values()) nextMs = Math.min(nextMs, pace.nextMs)
    if (nextMs === Number.POSITIVE_INFINITY) return
    this.#callOffTelemetry = this.#clock.after(nextMs - this.#clock.now(), () => this.#sendTelemetry())
  }

  #sendTelemetry(): void {
    const nowMs = this.#clock.now()
    // What has a number already comes first.
    this.#deliver()
    const due: Listener[] = []
    for (const [listener, pace] of this.#paces) {
      if (pace.nextMs - nowMs > (HAIR / 2) * pace.periodMs) continue
      // Not from now, or every delay would add up; but what is missed is missed.
      pace.nextMs = this.#nextOf(pace.periodMs, 1)
      due.push(listener)
    }
    if (due.length > 0) this.#try(() => this.#tellAll(due, this.#event('TELEMETRY', this.#telemetry())))
    this.#awaitTelemetry()
  }

  /** Tells some, but for those who leave meanwhile. */
  #tellAll(listeners: readonly Listener[], event: FeedEvent): void {
    const batch = new Batch(event.topic, [event])
    for (const listener of listeners) if (this.#paces.has(listener)) this.#try(() => listener.deliver(batch))
  }

  /** What one drone says of itself that is no number, or no text for a header, is to bring down no server. */
  #try(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#onBroken(error)
    }
  }
}
