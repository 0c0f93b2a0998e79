import type { Topic } from '../commands/events.ts'
import { subscribe } from '../commands/subscribe.ts'
import { unsubscribe } from '../commands/unsubscribe.ts'
import type { PlainMessage } from '../wire/message.ts'
import { encodeRequest } from './codec.ts'
import { EventStream } from './event-stream.ts'
import { decodeEvent, topicOf } from './events.ts'
import type { WireReply } from './wire-reply.ts'

export interface SubscribeOptions {
  /** Of TELEMETRY, in hertz: 1..50. */
  readonly rate?: number | undefined
}

interface Subscribed extends SubscribeOptions {
  /** Whether it outlives its connection. */
  readonly renews: boolean
}

/** What one client has subscribed to, and who takes it. */
export class Subscriptions {
  readonly #send: (message: PlainMessage) => Promise<WireReply>
  readonly #streams = new Map<EventStream<Topic>, Subscribed>()

  constructor(send: (message: PlainMessage) => Promise<WireReply>) {
    this.#send = send
  }

  subscribe<T extends Topic>(topic: T, { rate }: SubscribeOptions, renews = true): EventStream<T> {
    const begun = this.#begin(topic, { rate })
    const stream = new EventStream<Topic>(topic, begun, (ended) => this.#end(ended))
    this.#streams.set(stream, { rate, renews })
    // Of this topic nothing else is ever pushed to it.
    return stream as unknown as EventStream<T>
  }

  /** Takes a message of the server; one that this client does not know is not for it. */
  take(message: WireReply): void {
    const topic = topicOf(message)
    const takers = [...this.#streams.keys()].filter((stream) => stream.topic === topic)
    if (takers.length === 0) return
    try {
      const event = decodeEvent(message)
      for (const taker of takers) taker.push(event)
    } catch (error) {
      for (const taker of takers) taker.fail(error as Error)
    }
  }

  /** The connection is lost: what could have happened meanwhile, some must not miss. */
  lost(reason: Error): void {
    for (const [stream, { renews }] of this.#streams) if (!renews) stream.fail(reason)
  }

  /** Subscribes again, over another connection. */
  renew(): void {
    for (const [stream, { rate, renews }] of this.#streams)
      if (renews) this.#begin(stream.topic, { rate }).catch((error) => stream.fail(error))
  }

  /** No event will come any more. */
  fail(reason: Error): void {
    for (const stream of this.#streams.keys()) stream.fail(reason)
  }

  async #begin(topic: Topic, options: SubscribeOptions): Promise<WireReply> {
    return this.#send(encodeRequest(subscribe, { topic, ...options }))
  }

  #end(stream: EventStream<Topic>): void {
    this.#streams.delete(stream)
    const { topic } = stream
    if ([...this.#streams.keys()].some((other) => other.topic === topic)) return
    this.#send(encodeRequest(unsubscribe, { topic })).catch(() => {})
  }
}
