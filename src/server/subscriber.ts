import type { Topic } from '../commands/events.ts'
import type { Wire } from '../wire/wire.ts'
import type { EventFeed, Listener } from './feed.ts'
import type { Batch } from './feed-event.ts'
import type { Outbox } from './outbox.ts'

/** So much may wait for one that does not take its events, in bytes; then it is given up. */
export const MAX_EVENT_BYTES = 256 * 1024

/** What a subscriber asks of whoever owns the connection. */
export interface SubscriberHost {
  /** Something was sent, and perhaps the peer has yet to take it. */
  sent(): void
  /** The peer takes too little. */
  tooSlow(): void
}

/**
 * One who gets events. To one who is slow the latest telemetry is enough, and it is told how much was left out; of all
 * else it gets every event, or none any more.
 */
export class Subscriber implements Listener {
  readonly #feed: EventFeed
  readonly #outbox: Outbox
  readonly #wire: Wire
  readonly #host: SubscriberHost
  /** The latest telemetry, as long as it waits. */
  #latest: Batch | undefined
  #dropped = 0

  constructor(feed: EventFeed, outbox: Outbox, wire: Wire, host: SubscriberHost) {
    this.#feed = feed
    this.#outbox = outbox
    this.#wire = wire
    this.#host = host
  }

  subscribe(topic: Topic, rateHz: number): void {
    this.#feed.subscribe(this, topic, rateHz)
  }

  /** From one topic, or from all; but it is told what has happened by now. */
  unsubscribe(topic?: Topic): void {
    // Behind the replies to what that was, and before the one that says that there is no more. What waits for its record
    // goes on waiting: nothing else is to run in the midst of a command.
    if (this.#feed.hasNews) {
      this.#outbox.flush()
      this.#feed.deliverTo(this)
    }
    this.#feed.unsubscribe(this, topic === undefined ? undefined : [topic])
    if (topic !== undefined && topic !== 'TELEMETRY') return
    this.#latest = undefined
    this.#dropped = 0
  }

  /** It is gone. */
  end(): void {
    this.#feed.unsubscribe(this)
    this.#latest = undefined
  }

  deliver(batch: Batch): void {
    const outbox = this.#outbox
    if (!outbox.isWaiting) return this.#send(batch)
    if (batch.topic === 'TELEMETRY') {
      if (this.#latest !== undefined) this.#dropped++
      this.#latest = batch
      return
    }
    if (outbox.waitingBytes > MAX_EVENT_BYTES) return this.#host.tooSlow()
    // What has waited for it to be its turn has the lower number.
    this.taken()
    this.#send(batch)
  }

  /** All that waited is taken. */
  taken(): void {
    const latest = this.#latest
    this.#latest = undefined
    if (latest !== undefined) this.#send(latest)
  }

  #send(batch: Batch): void {
    this.#outbox.send(batch.encode(this.#wire, this.#dropped))
    this.#dropped = 0
    this.#host.sent()
  }
}
