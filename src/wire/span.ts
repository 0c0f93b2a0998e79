/** A part of some bytes, valid as long as these are: to make an array of it would cost 60 ns. */
export interface Span {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** All of some bytes. */
export const spanOf = (bytes: Uint8Array): Span => ({ bytes, start: 0, end: bytes.length })
