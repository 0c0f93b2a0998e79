import { CODES } from './codes.ts'
import type { Failure } from './failure.ts'
import type { WithId } from './message.ts'
import type { Output } from './output.ts'

// Replies (section 4) as bytes:
//
//   OK <summary>¶  *(Key: Value¶)  ¶
//   ERR <CODE>¶  Reason: <sentence>¶  Fatal: yes|no¶  *(Key: Value¶)  ¶

/** What a command's good reply looks like. */
export interface ReplyShape {
  /** Its first words: `OK <summary>`. */
  readonly summary: string
  /** The headers whose values the summary repeats in parentheses, where they are present. */
  readonly shown: readonly string[]
  /** The headers, in their order. */
  readonly headers: readonly string[]
  /** The reply has further headers, whose names only the handler knows: its property `entries`. */
  readonly open: boolean
}

/** What an open reply holds as its property `entries`. */
export type ReplyEntries = readonly (readonly [key: string, value: string])[]

/** The values of a good reply, by property name; a header that is undefined is left out. */
export type ReplyValues = Readonly<Record<string, number | string | ReplyEntries | undefined>>

/** The property under which the value of a header or a parameter is found: `X` is `x`, `MaxMessage` is `maxMessage`. */
export const propertyName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const OK = encode('OK ')
const CRLF = encode('\r\n')
const COMMA = encode(', ')
const CLOSE = encode(')')
const ID = encode('Id: ')

/** A reply shape made ready: all that is constant in its replies stands here as bytes. */
export class ReplyFormat {
  /** `MOVING_TO(`. */
  readonly #summary: Uint8Array
  readonly #shown: readonly string[]
  readonly #headers: readonly { readonly property: string; readonly key: Uint8Array }[]
  readonly #open: boolean

  constructor({ summary, shown, headers, open }: ReplyShape) {
    this.#summary = encode(shown.length > 0 ? `${summary}(` : summary)
    this.#shown = shown.map(propertyName)
    this.#open = open
    this.#headers = headers.map((name) => ({ property: propertyName(name), key: encode(`${name}: `) }))
  }

  /** Writes all but the Id and the end. Throws a TypeError where a value cannot stand in a message (R4). */
  write(output: Output, values: ReplyValues): void {
    output.bytes(OK)
    this.writeWords(output, values)
    output.bytes(CRLF)
    for (const { property, key } of this.#headers) {
      const value = values[property]
      if (value === undefined) continue
      output.bytes(key)
      writeValue(output, value)
      output.bytes(CRLF)
    }
    if (this.#open) for (const [key, value] of values['entries'] as ReplyEntries) writeHeader(output, key, value)
  }

  /** Writes the summary alone: `MOVING_TO(10, 20)`. */
  writeWords(output: Output, values: ReplyValues): void {
    output.bytes(this.#summary)
    if (this.#shown.length > 0) this.#writeShown(output, values)
  }

  #writeShown(output: Output, values: ReplyValues): void {
    let first = true
    for (const property of this.#shown) {
      const value = values[property]
      if (value === undefined) continue
      if (!first) output.bytes(COMMA)
      first = false
      writeValue(output, value)
    }
    output.bytes(CLOSE)
  }
}

function writeValue(output: Output, value: number | string | ReplyEntries): void {
  if (typeof value === 'number') output.integer(value)
  else output.text(value as string)
}

/** Writes one header. Throws a TypeError where the value cannot stand in a message (R4). */
export function writeHeader(output: Output, key: string, value: string): void {
  output.text(key)
  output.text(': ')
  output.text(value)
  output.bytes(CRLF)
}

/** What was wrong, and what was found there. */
export function reasonOf({ code, parts: { reason = CODES[code].sentence, found } }: Failure): string {
  return found === undefined ? reason : `${reason}, got ${found}`
}

/** What every fatal reply says of what stood behind the message that it answers (R3). */
const NOTHING_RAN = 'nothing that followed was run'

/** Writes all but the Id and the end. */
export function writeFailure(output: Output, failure: Failure): void {
  const { code, parts } = failure
  const { fatal = CODES[code].fatal === true, line, param, hint, details = {} } = parts
  output.text(`ERR ${code}`)
  output.bytes(CRLF)
  writeHeader(output, 'Reason', reasonOf(failure))
  writeHeader(output, 'Fatal', fatal ? 'yes' : 'no')
  if (line !== undefined) writeHeader(output, 'At', `line ${line}`)
  if (param !== undefined) writeHeader(output, 'Param', param)
  for (const [key, value] of Object.entries(details)) writeHeader(output, key, value)
  const hints = [hint, fatal ? NOTHING_RAN : undefined].filter((part) => part !== undefined)
  if (hints.length > 0) writeHeader(output, 'Hint', hints.join('; '))
}

/** Ends a reply, with the Id of the message that it answers, if that has one, as its last header (R2). */
export function writeEnd(output: Output, answered: WithId | undefined): void {
  if (answered !== undefined && answered.idStart >= 0) {
    output.bytes(ID)
    output.range(answered.bytes, answered.idStart, answered.idEnd)
    output.bytes(CRLF)
  }
  output.bytes(CRLF)
}
