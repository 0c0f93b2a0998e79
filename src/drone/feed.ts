import type { EventName, Topic } from '../commands/events.ts'

/** By property name; a header that is undefined is left out. */
export type EventValues = Record<string, number | string | undefined>

/** Whoever passes events on to those who have subscribed. */
export interface Feed {
  /** Whether anyone has subscribed: else nothing needs to be made ready for it. */
  wants(topic: Topic): boolean
  /** The values of an event, but for those that all events have, which it adds: they are its own from then on. */
  publish(name: EventName, values: EventValues): void
}

/** Where nobody listens. */
export const NO_FEED: Feed = { wants: () => false, publish: () => {} }
