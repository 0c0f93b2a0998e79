import { DROPPED, EVENT_HEADERS, EVENTS, type EventName, TOPICS, type Topic } from '../commands/events.ts'
import type { EventValues, Feed } from '../drone/feed.ts'
import type { Clock } from '../time/clock.ts'
import { WallTime } from '../time/wall-time.ts'
import { Output } from '../wire/output.ts'
import { ReplyFormat, type ReplyValues } from '../wire/reply.ts'
import type { Span } from '../wire/span.ts'
import { textWire } from '../wire/text-wire.ts'
import type { Wire } from '../wire/wire.ts'
import type { Recorder } from './recorder.ts'

const TEXT = textWire()

/** In periods: what is nearer to a moment is at it, since a third of a second is no binary fraction. */
const HAIR = 0.001
/** Room for most events, in bytes. */
const EVENT_BYTES = 1024

const ROWS = new Map(
  EVENTS.map(({ name, topic, headers }) => {
    const names = [...EVENT_HEADERS, ...headers, DROPPED].map((header) => header.name)
    return [
      name,
      { topic, format: new ReplyFormat({ kind: 'EVENT', summary: name, shown: [], headers: names, open: false }) },
    ]
  }),
)

/** Where events are put into bytes. */
const output = new Output(EVENT_BYTES)

/** An event, put into bytes once for all who get it on the same wire. */
export class FeedEvent {
  readonly topic: Topic
  readonly #format: ReplyFormat
  readonly #values: ReplyValues
  /** Once it was asked for. */
  #encoded: Map<Wire, Uint8Array> | undefined

  constructor(name: EventName, values: ReplyValues) {
    const { topic, format } = ROWS.get(name) as { topic: Topic; format: ReplyFormat }
    this.topic = topic
    this.#format = format
    this.#values = values
  }

  /** Its bytes; with `dropped`, where so many before it were left out for one of them. */
  encode(wire: Wire, dropped: number): Uint8Array {
    if (dropped > 0) return this.#write(wire, { ...this.#values, dropped })
    this.#encoded ??= new Map()
    const encoded = this.#encoded.get(wire) ?? this.#write(wire, this.#values)
    this.#encoded.set(wire, encoded)
    return encoded
  }

  /** As the text wire has it; valid until the next is asked for. */
  get text(): Span {
    output.rewind(0)
    TEXT.writeReply(output, this.#format, this.#values, undefined)
    return output.since(0)
  }

  #write(wire: Wire, values: ReplyValues): Uint8Array {
    output.rewind(0)
    wire.writeReply(output, this.#format, values, undefined)
    return new Uint8Array(output.take())
  }
}

/** Events of one topic that happened at once, sent in one write: of 5,000 MOVEs a hundred subscribers hear 10,000 times. */
export class Batch {
  readonly topic: Topic
  readonly events: readonly FeedEvent[]
  readonly #joined = new Map<Wire, Uint8Array>()

  constructor(topic: Topic, events: readonly FeedEvent[]) {
    this.topic = topic
    this.events = events
  }

  /** The bytes of all; with `dropped`, where so many before them were left out for one of those who get them. */
  encode(wire: Wire, dropped: number): Uint8Array {
    const joined = dropped === 0 ? this.#joined.get(wire) : undefined
    if (joined !== undefined) return joined
    const bytes = Buffer.concat(this.events.map((event, index) => event.encode(wire, index === 0 ? dropped : 0)))
    if (dropped === 0) this.#joined.set(wire, bytes)
    return bytes
  }
}

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
    const event = this.#event(name, values)
    if (this.#listeners[event.topic].size === 0) return
    // By then every reply is on its way that is being made now, or in the promises that follow: so the one that accepts
    // an operation comes before what becomes of it, and no event comes within a message.
    if (this.#pending.length === 0) process.nextTick(() => this.deliver())
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
    this.#recorder?.event(event.text)
    return event
  }

  /** Passes on what has happened by now. */
  deliver(): void {
    const events = this.#pending
    if (events.length === 0) return
    this.#pending = []
    this.#recorder?.commit()
    for (const batch of batchesOf(events)) {
      for (const listener of this.#listeners[batch.topic]) this.#try(() => listener.deliver(batch))
    }
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
    this.deliver()
    let batch: Batch | undefined
    for (const [listener, pace] of this.#paces) {
      if (pace.nextMs - nowMs > (HAIR / 2) * pace.periodMs) continue
      // Not from now, or every delay would add up; but what is missed is missed.
      pace.nextMs = this.#nextOf(pace.periodMs, 1)
      this.#try(() => {
        batch ??= this.#telemetryNow()
        listener.deliver(batch)
      })
    }
    this.#awaitTelemetry()
  }

  #telemetryNow(): Batch {
    const batch = new Batch('TELEMETRY', [this.#event('TELEMETRY', this.#telemetry())])
    this.#recorder?.commit()
    return batch
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

/** Events in their order, those of a topic together as long as no other comes between. */
function batchesOf(events: readonly FeedEvent[]): Batch[] {
  const runs: { readonly topic: Topic; readonly events: FeedEvent[] }[] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last?.topic === event.topic) last.events.push(event)
    else runs.push({ topic: event.topic, events: [event] })
  }
  return runs.map(({ topic, events: run }) => new Batch(topic, run))
}
