import * as characters from '../wire/characters.ts'

const { MINUS, ZERO } = characters

/**
 * The integer at `start` to `end`, of the form `^(0|-?[1-9][0-9]*)$` (section 6); NaN for any other form. Exact where
 * it is a safe integer; with more digits it may be rounded, or infinite, and is outside of every range all the same.
 */
export function readInteger(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS
  let at = negative ? start + 1 : start
  if (at >= end) return Number.NaN
  if (bytes[at] === ZERO) return end - start === 1 ? 0 : Number.NaN
  let value = 0
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return negative ? -value : value
}
