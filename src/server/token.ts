import { MAX_MESSAGE_BYTES } from '../wire/limits.ts'

/** What of a message is left for the token, in bytes. */
const MAX_TOKEN_BYTES = MAX_MESSAGE_BYTES - 'HELLO\r\nToken: \r\n\r\n'.length

/** Why a token cannot be one (section 5): a sentence, or undefined where it can. */
export function problemOfToken(token: string): string | undefined {
  if (token === '') return 'the token is empty'
  if (token.length > MAX_TOKEN_BYTES) return `the token is longer than ${MAX_TOKEN_BYTES} bytes`
  return /^[\x21-\x7e]*$/.test(token) ? undefined : 'the token is to be printable ASCII without spaces'
}
