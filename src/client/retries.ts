import type { Clock } from '../time/clock.ts'
import type { PlainMessage } from '../wire/message.ts'
import { Aborts } from './aborts.ts'
import type { Connections } from './connections.ts'
import { doubtful, type RequestError, requestError } from './error.ts'
import type { WaitOptions } from './outstanding.ts'
import { patiently, remaining } from './patiently.ts'
import type { WireReply } from './wire-reply.ts'
import { aged, withKey } from './with-key.ts'

interface Waiting {
  readonly go: () => void
  readonly giveUp: (reason: Error) => void
}

/**
 * Requests that are sent until they have a reply, over as many connections as that takes. Over another connection
 * those that wait for it go first, in the order in which they were first asked for: what is older never comes later.
 */
export class Retries {
  readonly #connections: Connections
  readonly #send: (message: PlainMessage, wait: WaitOptions) => Promise<WireReply>
  readonly #clock: Clock
  readonly #aborts = new Aborts()
  #lastNumber = 0
  /** Those that wait for a connection, by their number. */
  readonly #waiting = new Map<number, Waiting>()

  constructor(
    connections: Connections,
    send: (message: PlainMessage, wait: WaitOptions) => Promise<WireReply>,
    clock: Clock,
  ) {
    this.#connections = connections
    this.#send = send
    this.#clock = clock
  }

  async send(message: PlainMessage, wait: WaitOptions): Promise<WireReply> {
    const connections = this.#connections
    const number = ++this.#lastNumber
    const keyed = withKey(message)
    const firstMs = this.#clock.now()
    const left = () => remaining(wait, this.#clock.now() - firstMs)
    /** Sent again, or later than it was asked for. */
    const sendLate = async () => {
      const nowMs = this.#clock.now()
      return this.#send(aged(keyed, nowMs - firstMs, nowMs - connections.greetedMs), left())
    }
    const sendInTurn = () =>
      new Promise<WireReply>((resolve, giveUp) => {
        this.#waiting.set(number, { go: () => resolve(sendLate()), giveUp })
      })
    /** No attempt can have reached the server. */
    let isCertain = true
    for (let attempt = 0; ; attempt++) {
      try {
        if (!connections.isLast && connections.link === undefined)
          return await patiently(sendInTurn(), left(), this.#clock, this.#aborts)
        return await (attempt === 0 ? this.#send(keyed, wait) : sendLate())
      } catch (error) {
        const { code, retrySafe } = error as RequestError
        isCertain &&= retrySafe
        if (code !== 'CONNECTION_CLOSED' || connections.isLast)
          throw isCertain ? error : doubtful(error as RequestError)
      } finally {
        this.#waiting.delete(number)
      }
    }
  }

  /** There is another connection. */
  resume(): void {
    const inOrder = [...this.#waiting].sort(([one], [other]) => one - other)
    this.#waiting.clear()
    for (const [, { go }] of inOrder) go()
  }

  /** There will be no other. */
  giveUp(reason: Error): void {
    const message = `There is no other connection: ${reason.message}`
    for (const { giveUp } of this.#waiting.values())
      giveUp(requestError('CONNECTION_CLOSED', message, { retrySafe: true, cause: reason }))
  }
}
