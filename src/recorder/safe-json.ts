const BEYOND_PRINTABLE = /[^ -~]/
const ALL_BEYOND_PRINTABLE = /[^ -~]/g

/**
 * A value as JSON of nothing but printable ASCII: whatever stands in it, a line of it can be shown on a terminal, and
 * no editor takes a part of it for the end of the line.
 */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value)
  return BEYOND_PRINTABLE.test(json) ? json.replaceAll(ALL_BEYOND_PRINTABLE, escaped) : json
}

const MAX_WORDS = 64
const words = new Map<string, string>()

/** The same for a text that comes again and again, such as a name: it is remembered, 10 ns in place of 80. */
export function safeWord(text: string): string {
  const known = words.get(text)
  if (known !== undefined) return known
  if (words.size >= MAX_WORDS) words.clear()
  const json = safeJson(text)
  words.set(text, json)
  return json
}

/** A text in the same way, without the quotes about it. */
export const safeText = (text: string): string => safeJson(text).slice(1, -1)

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
