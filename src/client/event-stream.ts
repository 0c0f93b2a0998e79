import type { Topic } from '../commands/events.ts'
import { requestError } from './error.ts'
import type { TopicEvent } from './events.ts'
import { header, type WireReply } from './wire-reply.ts'

/** So many events may wait for whoever takes them. */
const MAX_WAITING_EVENTS = 10_000

/** The events of one topic, for one loop. Of telemetry that nobody has taken only the latest waits. */
export class EventStream<T extends Topic> implements AsyncIterableIterator<TopicEvent<T>> {
  readonly topic: T
  readonly #begun: Promise<WireReply>
  readonly #onEnd: (stream: EventStream<T>) => void
  #waiting: TopicEvent<T>[] = []
  #failure: Error | undefined
  #isOver = false
  /** Those who wait for the next: mostly one. */
  #sleepers: (() => void)[] = []

  /** `begun` resolves when the server has agreed. */
  constructor(topic: T, begun: Promise<WireReply>, onEnd: (stream: EventStream<T>) => void) {
    this.topic = topic
    this.#begun = begun
    this.#onEnd = onEnd
    begun.catch((error) => this.fail(error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The number of the session that has subscribed, which tells its operations from those of others. */
  async session(): Promise<number | undefined> {
    const number = header(await this.#begun, 'Session')
    return number === undefined ? undefined : Number(number)
  }

  /** Takes an event from the server; none behind what went wrong, so that nobody takes what is missing for not so. */
  push(event: TopicEvent<T>): void {
    if (this.#failure !== undefined) return
    if (this.topic === 'TELEMETRY') this.#waiting = [event]
    else if (this.#waiting.length < MAX_WAITING_EVENTS) this.#waiting.push(event)
    else this.fail(requestError('SLOW_CONSUMER', `${MAX_WAITING_EVENTS} events were not taken`, { retrySafe: false }))
    this.#wake()
  }

  /** Ends it, after what waits, with an error. */
  fail(reason: Error): void {
    this.#failure ??= reason
    this.#wake()
  }

  async next(): Promise<IteratorResult<TopicEvent<T>, undefined>> {
    // What went wrong with it is told below, as all else that ends it.
    await this.#begun.catch(() => {})
    for (;;) {
      const event = this.#waiting.shift()
      if (event !== undefined) return { done: false, value: event }
      if (this.#isOver) return { done: true, value: undefined }
      if (this.#failure !== undefined) {
        const failure = this.#failure
        await this.return()
        throw failure
      }
      await new Promise<void>((resolve) => this.#sleepers.push(resolve))
    }
  }

  /** Ends it: `break` in a loop does. */
  async return(): Promise<IteratorResult<TopicEvent<T>, undefined>> {
    if (!this.#isOver) this.#onEnd(this)
    this.#isOver = true
    this.#waiting = []
    this.#wake()
    return { done: true, value: undefined }
  }

  #wake(): void {
    const sleepers = this.#sleepers
    this.#sleepers = []
    for (const wake of sleepers) wake()
  }
}
