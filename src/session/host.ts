import type { SessionState } from '../commands/command.ts'
import type { DecodedParams } from '../commands/decode.ts'
import type { CommandTable, PreparedCommand } from '../commands/table.ts'
import type { Code } from '../wire/codes.ts'
import type { Failure } from '../wire/failure.ts'
import type { Message } from '../wire/message.ts'
import type { Output } from '../wire/output.ts'
import type { ReplyValues } from '../wire/reply.ts'
import type { Stranger } from '../wire/stranger.ts'
import type { Wire } from '../wire/wire.ts'
import type { Timeouts } from './deadlines.ts'

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
 * How many bytes of replies may be collected before they are sent, and may wait for a client before nothing more is
 * read from it. A stranger has less.
 */
export const MAX_WAITING_BYTES: Readonly<Record<SessionState, number>> = {
  Handshake: 4 * 1024,
  Authenticated: 64 * 1024,
  Closing: 0,
}

/** What a session asks of whoever owns its connection. */
export interface SessionHost {
  /** Carries out a command. Answers now; or with undefined, and later by `settle`. Never throws. */
  execute(command: PreparedCommand, params: DecodedParams): ReplyValues | Failure | undefined
  /** A handler gave a reply that no message can hold. */
  broken(command: PreparedCommand, error: unknown): void
  /** HELLO has succeeded. */
  greeted(): void
  /** A message, or the whole session, was refused in these words. */
  refused(failure: Failure): void
  /** The peer speaks another protocol. */
  strange(protocol: Stranger): void
}

export interface SessionOptions {
  readonly table: CommandTable
  readonly wire: Wire
  /** What opens the session, unasked. */
  readonly greeting: Uint8Array
  readonly timeouts: Timeouts
}

/** What sessions share, since only one is at work at a time: it is bare again when that one stops. */
export interface Workbench {
  readonly output: Output
  readonly message: Message
}
