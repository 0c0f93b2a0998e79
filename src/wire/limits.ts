/** The longest message, in bytes, its boundary included (F3). */
export const MAX_MESSAGE_BYTES = 8192

/** The longest command name, in bytes (section 3: `command`). */
export const MAX_COMMAND_BYTES = 32

/** The longest header key, in bytes (section 3: `key`). */
export const MAX_KEY_BYTES = 64

/** The most headers in one message (G2). */
export const MAX_HEADERS = 64

/** The most parameters that a command may declare, and so the most arguments whose places are kept. */
export const MAX_PARAMETERS = 16

/** The longest Id, in bytes (R2). */
export const MAX_ID_BYTES = 64

/** How much of a client's word an error quotes, in bytes (R4). */
export const MAX_QUOTED_BYTES = 64

/** The version of the protocol that this library speaks: skyline/1. */
export const PROTOCOL_VERSION = 1

/** What it is called where TLS asks for it (RFC 7301). */
export const ALPN_PROTOCOL = `skyline/${PROTOCOL_VERSION}`
