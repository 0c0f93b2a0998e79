import { randomUUID } from 'node:crypto'
import type { PlainMessage } from '../wire/message.ts'
import { requestError } from './error.ts'

/** A message under a Key, so that it is run once however often it is sent: under its own, if it has one. */
export const withKey = (message: PlainMessage): PlainMessage =>
  has(message, 'KEY') ? message : { ...message, headers: [...message.headers, ['Key', randomUUID()]] }

/**
 * A message as it is sent again, so much later, over another connection: what is left of its Ttl, counted from now.
 * Throws EXPIRED where nothing is left.
 */
export function aged(message: PlainMessage, ageMs: number, sentMs: number): PlainMessage {
  const ttl = message.headers.find(([name]) => name.toUpperCase() === 'TTL')
  if (ttl === undefined) return message
  const left = Number(ttl[1]) - Math.ceil(ageMs)
  if (left < 1)
    throw requestError('EXPIRED', `No answer came within the ${ttl[1]} ms that it may be old`, { retrySafe: false })
  const others = message.headers.filter(([name]) => !['TTL', 'SENT'].includes(name.toUpperCase()))
  return { ...message, headers: [...others, ['Ttl', String(left)], ['Sent', String(Math.round(sentMs))]] }
}

const has = ({ headers }: PlainMessage, key: string): boolean => headers.some(([name]) => name.toUpperCase() === key)
