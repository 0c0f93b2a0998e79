import type { SessionState } from '../commands/command.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import type { Code } from '../wire/codes.ts'
import type { Failure } from '../wire/failure.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Span } from '../wire/span.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { Wire } from '../wire/wire.ts'
import type { Timeouts } from './deadlines.ts'
import type { Replayed } from './replayed.ts'

// What a session and whoever owns its connection have to do with each other.

/**
 * Why a session stopped where it did:
 * - starved: all that came is answered, and more is welcome;
 * - awaiting: a command has yet to be answered, and all behind it waits (R1);
 * - full: the replies are to be sent before it goes on;
 * - closed: nothing more will be read or said.
 */
export type Progress = 'starved' | 'awaiting' | 'full' | 'closed'

/** Why a session is over. */
export type CloseReason = Code | 'QUIT' | 'END' | Stranger

/**
 * So many bytes of replies are collected, and then it is the turn of others: some 100 us of work, so that a STOP in one
 * session waits little for MOVEs in many. Of eight that send all they can it waits 18 ms, with 16 KB 30, with 64 KB 150.
 */
const TURN_BYTES = 8 * 1024

/** How many bytes of replies may wait for a client before nothing more is answered. A stranger has less. */
export const MAX_WAITING_BYTES: Readonly<Record<SessionState, number>> = {
  Handshake: 4 * 1024,
  Authenticated: 64 * 1024,
  Closing: 0,
}

/** How many bytes of replies make a turn. */
export const turnBytes = (state: SessionState): number =>
  state === 'Handshake' ? MAX_WAITING_BYTES.Handshake : TURN_BYTES

/** What a session asks of whoever owns its connection. */
export interface SessionHost {
  /**
   * Carries out a command, unless it has come too `late`. Answers now; or with undefined, and later by `settle` with the
   * ticket. Where one with the same `key` has come before, its reply is `Replayed`, however late. Never throws.
   */
  execute(
    command: PreparedCommand,
    params: DecodedParams,
    ticket: number,
    key?: string,
    late?: Failure,
  ): ReplyValues | Failure | Replayed | undefined
  /** Whether the last `execute` has run the command: neither refused it, nor found its `key`. */
  readonly hasRun: boolean
  /** Why a command would be refused, if it came now. Changes nothing. */
  check(command: PreparedCommand, params: DecodedParams, key?: string): Failure | undefined
  /** After so long a silence whoever has said HELLO wants to be missed, in milliseconds. */
  readonly leaseMs: number | undefined
  /** A session with a lease has been silent for too long; or has been heard again after that. */
  leaseChanged(state: 'lost' | 'regained'): void
  /** A handler gave a reply that no message can hold. */
  broken(command: PreparedCommand, error: unknown): void
  /** Whether a flight recorder wants to know of every message. */
  readonly isRecording: boolean
  /** The number of a message for the record. */
  order(): number
  /** A message was answered, or never will be; or has begun, and will be recorded once more. */
  record(answered: Answered): void
  /** HELLO has succeeded. */
  greeted(): void
  /** The last word is about to be said, or would be, if there were one: what is yet to be told comes before. */
  leaving(): void
  /** A message, or the whole session, was refused in these words. */
  refused(failure: Failure): void
  /** The peer speaks another protocol. */
  strange(protocol: Stranger): void
}

/**
 * How far a message has come: it has begun what takes its time, or what is not its turn to be answered; or it is
 * answered, with the reply of an earlier one that had the same Key, or with its own.
 */
export type Outcome = 'begun' | 'replayed' | 'answered'

/** A message and its reply as it is sent, empty where there is none; for the record, and only within the call. */
export interface Answered {
  readonly message: Span
  readonly reply: Span
  /** When it ran, in milliseconds. */
  readonly ranMs: number
  readonly order: number
  readonly outcome: Outcome
}

export interface SessionOptions {
  readonly wire: Wire
  /** What opens the session, unasked. */
  readonly greeting: Uint8Array
  readonly timeouts: Timeouts
}
