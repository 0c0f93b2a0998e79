import type { Span } from '../wire/span.ts'
import { type Authenticator, authenticator, type Credentials, MADE_TOKEN, tokenOf } from './identities.ts'

const HIDDEN = '[token]'

/**
 * Takes tokens out of what is to be written down: a client may have typed one anywhere. Of the tokens of names only the
 * digests are known: there every word is tried that looks like one that was made here.
 */
export class Mask {
  /** Also those that are good no more: whoever has one may go on typing it. */
  #tokens: readonly string[] = []
  /** Tell of a word whether it is the token of a name. */
  readonly #judges: Authenticator[] = []

  constructor(credentials: Credentials) {
    this.add(credentials)
  }

  add(credentials: Credentials): void {
    const token = tokenOf(credentials)
    // The longest first: one may be a part of another.
    if (token !== undefined) this.#tokens = [...this.#tokens, token].sort((a, b) => b.length - a.length)
    if (credentials.kind === 'named') this.#judges.push(authenticator(credentials))
  }

  /** A text for the log, in which nothing is missed that only looks like a token. */
  text(text: string): string {
    const masked = this.#shared(text)
    return this.#judges.length > 0 ? masked.replaceAll(MADE_TOKEN, HIDDEN) : masked
  }

  /** A message or a reply for the record, in which nothing else is to be changed. */
  span(span: Span): Span | string {
    if (this.#tokens.length === 0 && this.#judges.length === 0) return span
    const { bytes, start, end } = span
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    const isHidden =
      this.#tokens.some((token) => text.includes(token)) ||
      (this.#judges.length > 0 && text.toString('latin1').match(MADE_TOKEN)?.some(this.#isToken) === true)
    if (!isHidden) return span
    return this.#shared(text.toString()).replaceAll(MADE_TOKEN, (word) => (this.#isToken(word) ? HIDDEN : word))
  }

  readonly #isToken = (word: string): boolean => this.#judges.some((judge) => judge(word, undefined) !== undefined)

  #shared(text: string): string {
    let masked = text
    for (const token of this.#tokens) masked = masked.replaceAll(token, HIDDEN)
    return masked
  }
}
