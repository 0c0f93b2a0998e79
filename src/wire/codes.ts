/** One row of the table of error codes (R6). */
export interface CodeRow {
  /** Ends the connection (R3). A number: the occurrence in one session that does. */
  readonly fatal: boolean | number
  /** Counts towards TOO_MANY_ERRORS. */
  readonly counted: boolean
  /** The command was certainly not carried out, so that sending it again cannot do it twice. */
  readonly retrySafe: boolean
  /** The default Reason. */
  readonly sentence: string
}

const row = (fatal: boolean | number, counted: boolean, retrySafe: boolean, sentence: string): CodeRow => ({
  fatal,
  counted,
  retrySafe,
  sentence,
})

/** Every error code of skyline/1, in the order in which they came to be: rows are only ever added. */
export const CODES = {
  PARSE: row(false, true, true, 'The message does not follow the grammar'),
  INVALID_UTF8: row(true, false, true, 'The message is not valid UTF-8'),
  MESSAGE_TOO_BIG: row(true, false, true, 'The message is longer than 8192 bytes'),
  BARE_LF: row(true, false, true, 'A line ends with a bare LF, and this server wants CR LF'),
  INCOMPLETE: row(true, false, true, 'The input ended in the middle of a message'),
  DUPLICATE_HEADER: row(false, true, true, 'A header is given twice'),
  TOO_MANY_HEADERS: row(false, true, true, 'The message has more than 64 headers'),
  UNKNOWN_HEADER: row(false, true, true, 'The command has no such parameter'),
  UNKNOWN_COMMAND: row(false, true, true, 'There is no such command'),
  MISSING_ARGUMENT: row(false, true, true, 'A required parameter is missing'),
  BAD_ARGUMENT: row(false, true, true, 'A parameter has the wrong form'),
  OUT_OF_RANGE: row(false, true, true, 'A parameter is outside of its range'),
  TOO_MANY_ARGUMENTS: row(false, true, true, 'The command takes fewer arguments'),
  EXPECTED_HANDSHAKE: row(false, true, true, 'The session has not begun'),
  AUTH_FAILED: row(3, false, true, 'The token is wrong or missing'),
  VERSION_UNSUPPORTED: row(false, true, true, 'This version of the protocol is not supported'),
  WRONG_STATE: row(false, true, true, 'The command is not allowed in this state'),
  TIMEOUT: row(false, false, true, 'The time ran out'),
  INTERNAL: row(false, false, false, 'The command failed inside the server'),
  TOO_MANY_ERRORS: row(true, false, true, 'Too many mistakes in a row'),
  HANDSHAKE_TIMEOUT: row(true, false, true, 'No HELLO succeeded in time'),
  MESSAGE_TIMEOUT: row(true, false, true, 'The message was not finished in time'),
  IDLE_TIMEOUT: row(true, false, true, 'No message came for too long'),
  BUSY: row(true, false, true, 'The server has as many connections as it takes'),
  SHUTTING_DOWN: row(true, false, false, 'The server is shutting down'),
  CONNECTION_CLOSED: row(true, false, false, 'The connection is closed'),
  IO: row(true, false, false, 'The connection broke'),
  SLOW_CONSUMER: row(true, false, false, 'The client did not take what was sent to it'),
  CANCELLED: row(false, false, false, 'The operation was cancelled'),
  NOT_FLYING: row(false, false, true, 'The drone is on the ground'),
  OUT_OF_FENCE: row(false, false, true, 'The point is outside of the fence'),
  LOW_BATTERY: row(false, false, true, 'The battery is too low to take off'),
  UNSUPPORTED: row(false, false, true, 'The drone cannot do that'),
  LINK_LOST: row(false, false, false, 'The link to the drone is lost'),
  EXPIRED: row(false, false, true, 'The command came too late to be run'),
  KEY_CONFLICT: row(false, true, true, 'Another command has had this Key'),
  NOT_IN_CONTROL: row(false, false, true, 'Someone else is in control of the drone'),
  FORBIDDEN: row(false, false, true, 'The identity of this session may not do that'),
  RECORDER_UNAVAILABLE: row(false, false, true, 'The flight recorder cannot write, so that nothing is set in motion'),
} as const satisfies Record<string, CodeRow>

export type Code = keyof typeof CODES
