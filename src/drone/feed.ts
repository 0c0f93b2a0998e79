import type { EventName, Topic } from '../commands/events.ts'
import type { ReplyValues } from '../wire/reply.ts'

/** Whoever passes events on to those who have subscribed. */
export interface Feed {
  /** Whether anyone has subscribed: else nothing needs to be made ready for it. */
  wants(topic: Topic): boolean
  /** The values of an event, but for those that all events have. */
  publish(name: EventName, values: ReplyValues): void
}

/** Where nobody listens. */
export const NO_FEED: Feed = { wants: () => false, publish: () => {} }
