import type { Span } from '../wire/span.ts'
import { type Credentials, MADE_TOKEN, tokenOf } from './identities.ts'

const HIDDEN = '[token]'

/**
 * Takes tokens out of what is to be written down: a client may have typed one anywhere. Of the tokens of names only the
 * digests are known: there it is whatever looks like one that was made here.
 */
export class Mask {
  /** Also those that are good no more: whoever has one may go on typing it. */
  #tokens: readonly string[] = []
  #hasNames = false

  constructor(credentials: Credentials) {
    this.add(credentials)
  }

  add(credentials: Credentials): void {
    const token = tokenOf(credentials)
    // The longest first: one may be a part of another.
    if (token !== undefined) this.#tokens = [...this.#tokens, token].sort((a, b) => b.length - a.length)
    this.#hasNames ||= credentials.kind === 'named'
  }

  /** A text for the log. */
  text(text: string): string {
    const masked = this.#shared(text)
    return this.#hasNames ? masked.replaceAll(MADE_TOKEN, HIDDEN) : masked
  }

  /**
   * A message or a reply for the record. In a message that has done something what looks like a token may well be
   * something else.
   */
  span(span: Span, isRefused: boolean): Span | string {
    const hasNames = isRefused && this.#hasNames
    if (this.#tokens.length === 0 && !hasNames) return span
    const { bytes, start, end } = span
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    if (hasNames && text.toString('latin1').search(MADE_TOKEN) >= 0) return this.text(text.toString())
    for (const token of this.#tokens) if (text.includes(token)) return this.#shared(text.toString())
    return span
  }

  #shared(text: string): string {
    let masked = text
    for (const token of this.#tokens) masked = masked.replaceAll(token, HIDDEN)
    return masked
  }
}
