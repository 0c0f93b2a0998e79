import type { RequestError } from '../client/error.ts'
import { headersButId, type WireReply } from '../client/wire-reply.ts'
import { paint } from './paint.ts'

const COLORS = { OK: 'green', ERR: 'red', EVENT: 'cyan' } as const

/** A reply as a person reads it: its lines, without the Id that the client put there. */
export function showReply(reply: WireReply, color: boolean, indent = ''): string {
  const { kind, summary } = reply
  const first = paint(kind, COLORS[kind], color)
  const lines = headersButId(reply).map(([key, value]) => `${indent}${key}: ${harmless(value)}`)
  return `${[`${first} ${harmless(summary)}`, ...lines].join('\n')}\n`
}

/** What a terminal would obey, or show elsewhere than it stands. */
const HARMFUL = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/gu

/** A text of the server with its control characters as escapes: the grammar allows some. */
export const harmless = (text: string): string => text.replaceAll(HARMFUL, escaped)

function escaped(character: string): string {
  const point = character.charCodeAt(0).toString(16)
  return point.length > 2 ? `\\u${point.padStart(4, '0')}` : `\\x${point.padStart(2, '0')}`
}

/** The same for a request that failed. */
export const showError = (error: RequestError, color: boolean, indent = ''): string =>
  error.reply === undefined ? `${error.code}: ${harmless(error.message)}\n` : showReply(error.reply, color, indent)
