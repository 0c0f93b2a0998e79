import { createHash, timingSafeEqual } from 'node:crypto'
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'

/** What of a message is left for the token, in bytes. */
const MAX_TOKEN_BYTES = MAX_MESSAGE_BYTES - 'HELLO\r\nToken: \r\n\r\n'.length

const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Why a token cannot be one (section 5): a sentence, or undefined where it can. */
export function problemOfToken(token: string): string | undefined {
  if (token === '') return 'the token is empty'
  if (token.length > MAX_TOKEN_BYTES) return `the token is longer than ${MAX_TOKEN_BYTES} bytes`
  return /^[\x21-\x7e]*$/.test(token) ? undefined : 'the token is to be printable ASCII without spaces'
}

/**
 * Judges tokens in a time that depends neither on where nor on whether they differ. Without a token to expect, it
 * takes any. Throws a TypeError where the token to expect cannot be one (section 5).
 */
export function authenticator(expected: string | undefined): (token: string | undefined) => boolean {
  if (expected === undefined) return () => true
  const problem = problemOfToken(expected)
  if (problem !== undefined) throw new TypeError(problem)
  const wanted = digest(expected)
  // The empty string stands for no token: it is none itself.
  return (token = '') => timingSafeEqual(digest(token), wanted)
}
