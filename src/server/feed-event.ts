import { DROPPED, EVENT_HEADERS, EVENTS, type EventName, type Topic } from '../commands/events.ts'
import { Output } from '../wire/output.ts'
import { ReplyFormat, type ReplyValues } from '../wire/reply.ts'
import type { Span } from '../wire/span.ts'
import { textWire } from '../wire/text-wire.ts'
import type { Wire } from '../wire/wire.ts'

const TEXT = textWire()

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
    output.endAt(0)
    TEXT.writeReply(output, this.#format, this.#values, undefined)
    return output.since(0)
  }

  #write(wire: Wire, values: ReplyValues): Uint8Array {
    output.endAt(0)
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

/** Events in their order, those of a topic together as long as no other comes between. */
export function batchesOf(events: readonly FeedEvent[]): Batch[] {
  const runs: { readonly topic: Topic; readonly events: FeedEvent[] }[] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last?.topic === event.topic) last.events.push(event)
    else runs.push({ topic: event.topic, events: [event] })
  }
  return runs.map(({ topic, events: run }) => new Batch(topic, run))
}
