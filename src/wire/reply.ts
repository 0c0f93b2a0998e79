import { CODES } from './codes.ts'
import type { Failure } from './failure.ts'
import type { WithId } from './message.ts'
import type { Output } from './output.ts'
import { reader } from './tailored.ts'
import { constant, type Template, THE_ID, template } from './template.ts'

// Replies (section 4) as bytes:
//
//   OK <summary>¶  *(Key: Value¶)  ¶
//   ERR <CODE>¶  Reason: <sentence>¶  Fatal: yes|no¶  *(Key: Value¶)  ¶

/** The most headers of a reply shape: which of them are there is told by as many bits, and by one more, of an Id. */
export const MAX_REPLY_HEADERS = 30
const WITH_ID = 1 << MAX_REPLY_HEADERS

/** What a command's good reply looks like. */
export interface ReplyShape {
  /** A reply, or a message unasked. */
  readonly kind?: 'OK' | 'EVENT'
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

/** The property under which the value of a header or a parameter is found: `X` is `x`, `Event-Seq` is `eventSeq`. */
export const propertyName = (name: string): string =>
  name.charAt(0).toLowerCase() + name.slice(1).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** The same of a type. */
export type PropertyName<N extends string> = N extends `${infer Head}-${infer Tail}`
  ? `${Uncapitalize<Head>}${Capitalize<PropertyName<Capitalize<Tail>>>}`
  : Uncapitalize<N>

const CRLF = constant('\r\n')
const ID = constant('Id: ')
const END = constant('\r\n\r\n')

type Value = number | string | ReplyEntries | undefined

/** A reply shape made ready: all that is constant in its replies stands here as bytes. */
export class ReplyFormat {
  readonly #shape: ReplyShape
  /** The properties of those headers that the summary repeats. */
  readonly #shown: readonly string[]
  /** Puts what there is of them into the values at hand, by their places among the headers. Used within one call. */
  readonly #read: (from: ReplyValues, into: Value[]) => void
  readonly #values: Value[]
  /** By which values there are, as bits. */
  readonly #templates = new Map<number, Template>()
  #lastPresent = 0
  #lastTemplate: Template

  constructor(shape: ReplyShape) {
    this.#shape = shape
    this.#shown = shape.shown.map(propertyName)
    this.#read = reader(shape.headers.map(propertyName))
    this.#values = shape.headers.map(() => undefined)
    this.#lastTemplate = this.#templateFor(this.#lastPresent)
  }

  /** Writes a reply. Throws a TypeError where a value cannot stand in a message (R4). */
  write(output: Output, values: ReplyValues, answered: WithId | undefined): void {
    const hasId = answered !== undefined && answered.idStart >= 0
    const template = this.#templateOf(values, hasId && !this.#shape.open ? WITH_ID : 0)
    output.template(template, this.#values as (number | string | undefined)[], answered)
    if (!this.#shape.open) return
    for (const [key, value] of values['entries'] as ReplyEntries) writeHeader(output, key, value)
    writeEnd(output, answered)
  }

  /** Writes the words of the first line alone: `MOVING_TO(10, 20)`. Throws where a value is no integer. */
  writeWords(output: Output, values: ReplyValues): void {
    output.text(this.#shape.summary)
    let before = '('
    for (const property of this.#shown) {
      const value = values[property]
      if (value === undefined) continue
      output.text(before)
      output.integer(value as number)
      before = ', '
    }
    if (before !== '(') output.text(')')
  }

  /** The template of a reply with these values, which are at hand from then on, and with an Id or without. */
  #templateOf(values: ReplyValues, id: number): Template {
    const all = this.#values
    this.#read(values, all)
    let present = id
    for (let i = 0; i < all.length; i++) if (all[i] !== undefined) present |= 1 << i
    if (present !== this.#lastPresent) {
      this.#lastPresent = present
      this.#lastTemplate = this.#templates.get(present) ?? this.#templateFor(present)
      this.#templates.set(present, this.#lastTemplate)
    }
    return this.#lastTemplate
  }

  #templateFor(present: number): Template {
    const isPresent = (header: number) => (present & (1 << header)) !== 0
    const { kind = 'OK', summary, shown, headers, open } = this.#shape
    const pieces: { text: string; value: number }[] = []
    let text = ''
    const value = (header: number) => {
      pieces.push({ text, value: header })
      text = ''
    }
    text = `${kind} ${summary}`
    const repeated = shown.map((name) => headers.indexOf(name)).filter(isPresent)
    for (const [index, header] of repeated.entries()) {
      text += index === 0 ? '(' : ', '
      value(header)
    }
    text += repeated.length > 0 ? ')\r\n' : '\r\n'
    for (const [header, name] of headers.entries()) {
      if (!isPresent(header)) continue
      text += `${name}: `
      value(header)
      text += '\r\n'
    }
    if (open) return template(pieces, text)
    if ((present & WITH_ID) !== 0) {
      text += 'Id: '
      value(THE_ID)
      text += '\r\n'
    }
    return template(pieces, `${text}\r\n`)
  }
}

/** Writes one header. Throws a TypeError where the value cannot stand in a message (R4). */
export function writeHeader(output: Output, key: string, value: string): void {
  output.text(key)
  output.text(': ')
  output.text(value)
  output.constant(CRLF)
}

/** What was wrong, and what was found there. */
export function reasonOf({ code, parts: { reason = CODES[code].sentence, found } }: Failure): string {
  return found === undefined ? reason : `${reason}, got ${found}`
}

/** What every fatal reply says of what stood behind the message that it answers (R3). */
const nothingRan = (but: string | undefined): string =>
  but === undefined ? 'nothing that followed was run' : `of what followed only ${but} was run`

/** Writes all but the Id and the end. */
export function writeFailure(output: Output, failure: Failure): void {
  const { code, parts } = failure
  const { fatal = CODES[code].fatal === true, line, param, hint, ranAhead, details = {} } = parts
  output.text(`ERR ${code}`)
  output.constant(CRLF)
  writeHeader(output, 'Reason', reasonOf(failure))
  writeHeader(output, 'Fatal', fatal ? 'yes' : 'no')
  if (line !== undefined) writeHeader(output, 'At', `line ${line}`)
  if (param !== undefined) writeHeader(output, 'Param', param)
  for (const [key, value] of Object.entries(details)) writeHeader(output, key, value)
  const hints = [hint, fatal ? nothingRan(ranAhead) : undefined].filter((part) => part !== undefined)
  if (hints.length > 0) writeHeader(output, 'Hint', hints.join('; ').replace('?;', '?'))
}

/** Ends a reply, with the Id of the message that it answers, if that has one, as its last header (R2). */
export function writeEnd(output: Output, answered: WithId | undefined): void {
  if (answered === undefined || answered.idStart < 0) return output.constant(CRLF)
  output.constant(ID)
  output.range(answered.bytes, answered.idStart, answered.idEnd)
  output.constant(END)
}
