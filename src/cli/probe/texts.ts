// What checks send, a character for each byte.

/** A command that no server has. */
export const NO_COMMAND = 'NO-SUCH-COMMAND'

const NOTE = 'PING\nNote: '
/** What a NOTE and the boundary behind it have on the wire, in bytes. */
const NOTE_BYTES = 'PING\r\nNote: \r\n\r\n'.length

/** The bytes of a text. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

/** A PING of so many bytes, with the boundary that it gets. */
export const pingOf = (bytes: number): string => NOTE + 'n'.repeat(bytes - NOTE_BYTES)

/** A PING of so many headers. */
export const pingWith = (headers: number): string =>
  `PING${Array.from({ length: headers }, (_, index) => `\nX-${index}: ${index}`).join('')}`
