import type { Failure } from './failure.ts'
import type { Message, WithId } from './message.ts'
import type { Output } from './output.ts'
import type { ReplyFormat, ReplyValues } from './reply.ts'
import type { Span } from './span.ts'
import type { Stranger } from './stranger.ts'

/**
 * What a reader found: a message, a message with a mistake in it, that it wants more bytes, or why the stream cannot be
 * followed any more.
 */
export type Verdict = 'message' | 'mistake' | 'more' | Failure

/** Cuts a stream of bytes into messages: give it what was received with `push`, then call `next` until it says 'more'. */
export interface MessageReader {
  /** Takes what was received, once `next` has said 'more' of all that came before. */
  push(chunk: Uint8Array): void
  /** Reads the next message into the view, valid until the next call. `greeted`: HELLO has succeeded. */
  next(message: Message, greeted: boolean): Verdict
  /** After 'mistake': the first there is in the message (R7). What is well-formed of it is in the view. */
  readonly mistake: Failure | undefined
  /** After 'more': whether a message has begun and not ended (F7). */
  readonly unfinished: boolean
}

export const WIRE_NAMES = ['text', 'framed', 'versioned'] as const
export type WireName = (typeof WIRE_NAMES)[number]

export interface WireOptions {
  /** Refuses a bare LF (F2). */
  readonly strictCrlf?: boolean
  /** The longest payload of the framed wire, in bytes. */
  readonly maxFrameBytes?: number
  /** Whether HELLO must bring a token: on the framed wire the handshake is the token, or where there is none, a word. */
  readonly auth?: 'token' | 'none'
}

/**
 * One way to put the messages of skyline/1 into bytes. All that a session knows of the bytes it lives on; what is said
 * and what is meant by it is the same on every wire.
 */
export interface Wire {
  readonly name: WireName
  /** What a message ends with, as hints call it. */
  readonly boundary: string
  /** The server speaks first. */
  readonly greets: boolean
  /** Messages have headers: replies have an Id, and their values by name. */
  readonly hasHeaders: boolean
  /** Another protocol whose first bytes these are, where nothing of this one begins so (F8). */
  recognize(opening: Uint8Array): Stranger | undefined
  /** For a server: what clients send. */
  requests(): MessageReader
  /** For a client: what servers send, as messages of the text wire. */
  replies(): MessageReader
  /** The bytes of what is a message of the text wire. Throws a TypeError or a RangeError where this wire has none. */
  encode(text: Uint8Array): Uint8Array
  /** Writes a good reply. Throws a TypeError where a value cannot stand in it (R4). */
  writeReply(output: Output, format: ReplyFormat, values: ReplyValues, answered: WithId | undefined): void
  writeFailure(output: Output, failure: Failure, answered: WithId | undefined): void
  /** What was written, one reply or nothing, as the text wire has it; but for the empty line. For the record. */
  asText(reply: Span): Span
}
