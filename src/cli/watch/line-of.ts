import type { WatchedEvent } from './event.ts'

/** What a terminal or a log viewer would obey, or not show: controls, line separators, what turns text around. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu
const HEX = 16
const HEX_DIGITS = 4

/** An event as one line: `<Time> <NAME> Key=Value ...`, the headers in their order. */
export function lineOf(event: WatchedEvent): string {
  const { name, time, ...headers } = event
  const words = Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => `${headerOf(property)}=${wordOf(String(value))}`)
  return [wordOf(time), wordOf(name), ...words].join(' ')
}

/** `eventSeq` is `Event-Seq`. */
const headerOf = (property: string): string =>
  property.replace(/^./, (letter) => letter.toUpperCase()).replaceAll(/\B[A-Z]/g, '-$&')

/** A value that is one word stands as it is; any other is a JSON string. */
const wordOf = (value: string): string => {
  const isWord = value !== '' && !/[\s"]/.test(value) && value.search(UNSEEN) === -1
  return isWord ? value : JSON.stringify(value).replaceAll(UNSEEN, escapeOf)
}

const escapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(HEX).padStart(HEX_DIGITS, '0')}`
