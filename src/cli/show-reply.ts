import type { RequestError } from '../client/error.ts'
import type { WireReply } from '../client/wire-reply.ts'

const GREEN = '\x1b[32m'
const RED = '\x1b[31m'
const CYAN = '\x1b[36m'
const PLAIN = '\x1b[0m'

const COLORS = { OK: GREEN, ERR: RED, EVENT: CYAN } as const

interface Stream {
  readonly isTTY?: boolean
}

/** Whether a stream is to be coloured: on a terminal, unless NO_COLOR is set. */
export const hasColor = ({ isTTY = false }: Stream): boolean => isTTY && (process.env['NO_COLOR'] ?? '') === ''

/** A reply as a person reads it: its lines, without the Id that the client put there. */
export function showReply({ kind, summary, headers }: WireReply, color: boolean, indent = ''): string {
  const first = color ? `${COLORS[kind]}${kind}${PLAIN}` : kind
  const shown = headers.filter(([key]) => key.toUpperCase() !== 'ID')
  const lines = shown.map(([key, value]) => `${indent}${key}: ${harmless(value)}`)
  return `${[`${first} ${harmless(summary)}`, ...lines].join('\n')}\n`
}

/** A text of the server with its control characters as escapes: a terminal would obey some that the grammar allows. */
const harmless = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** The same for a request that failed. */
export const showError = (error: RequestError, color: boolean, indent = ''): string =>
  error.reply === undefined ? `${error.code}: ${error.message}\n` : showReply(error.reply, color, indent)
