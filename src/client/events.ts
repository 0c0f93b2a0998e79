import type { ReplyHeader } from '../commands/command.ts'
import { DROPPED, EVENT_HEADERS, EVENTS, type Topic } from '../commands/events.ts'
import type { HeaderValues } from '../commands/handler.ts'
import { decodeHeaders } from './codec.ts'
import type { WireReply } from './wire-reply.ts'

type Row = (typeof EVENTS)[number]
type Values<R extends Row> = HeaderValues<(typeof EVENT_HEADERS)[number] | R['headers'][number] | typeof DROPPED>

/** An event of a topic, by its `name`: its headers by property name. */
export type TopicEvent<T extends Topic> = Row extends infer R
  ? R extends Row & { readonly topic: T }
    ? { readonly name: R['name'] } & Values<R>
    : never
  : never

export type AnyEvent = TopicEvent<Topic>

const ROWS: ReadonlyMap<string, { readonly topic: Topic; readonly headers: readonly ReplyHeader[] }> = new Map(
  EVENTS.map((row) => [row.name, row]),
)

/** The topic of an event; undefined where this client does not know it. */
export const topicOf = ({ summary }: WireReply): Topic | undefined => ROWS.get(summary)?.topic

/** An event that this client knows. Throws PARSE where it lacks what it has to have. */
export function decodeEvent(message: WireReply): AnyEvent {
  const headers = ROWS.get(message.summary)?.headers ?? []
  const values = decodeHeaders([...EVENT_HEADERS, ...headers, DROPPED], message, `event ${message.summary}`)
  return { name: message.summary, ...values } as unknown as AnyEvent
}
