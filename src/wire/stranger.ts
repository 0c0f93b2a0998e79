import { CR, LF, SPACE, TAB } from './characters.ts'

/** A protocol that is not the one of the connection, and of which nothing may run (F8). */
export type Stranger = 'HTTP' | 'TLS' | 'plain text' | 'framed messages' | 'versioned messages'

/** By so many first bytes of a connection a stranger is told, or not at all. */
export const OPENING_BYTES = 5

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16
/** The second: the major version of every TLS there is. */
const TLS_MAJOR = 3

/** The first byte of a TLS handshake, which begins nothing that is text. */
export const beginsTls = (opening: Uint8Array): boolean => opening[0] === TLS_HANDSHAKE

/** The first three bytes of a TLS handshake, which are needed where the first alone may be a length. */
export const isTls = ([first, major, minor = 0]: Uint8Array): boolean =>
  first === TLS_HANDSHAKE && major === TLS_MAJOR && minor >= 1 && minor <= 4

/** So many bytes of text. */
export const isText = (opening: Uint8Array, count: number): boolean =>
  opening.length >= count && opening.subarray(0, count).every(isTextByte)

const isTextByte = (byte: number): boolean =>
  (byte >= SPACE && byte < 0x7f) || byte === CR || byte === LF || byte === TAB

/** A length of at most 511 as u32 little-endian, and a discriminant: two NUL bytes, which no text begins with. */
export const isFramed = (opening: Uint8Array): boolean =>
  at(opening, 1) <= 1 && opening[2] === 0 && opening[3] === 0 && at(opening, 4) <= 3

/** Version 1, a length of at most 255 as u16 big-endian, and the first character of the content. */
export const isVersioned = (opening: Uint8Array): boolean =>
  opening[0] === 1 && opening[1] === 0 && (opening[2] ?? 0) > 0 && isTextByte(opening[3] ?? 0)

/** Where there is none yet, nothing can be said of it. */
const at = (opening: Uint8Array, place: number): number => opening[place] ?? Number.POSITIVE_INFINITY
