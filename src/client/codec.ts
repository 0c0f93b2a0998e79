import type { Command, ReplyHeader } from '../commands/command.ts'
import { CONDITIONS } from '../commands/conditions.ts'
import { describeWanted } from '../commands/describe.ts'
import { REPLAYED } from '../commands/rules.ts'
import type { PlainMessage } from '../wire/message.ts'
import { propertyName } from '../wire/reply.ts'
import { badArgument, requestError } from './error.ts'
import { header, headersButId, type WireReply } from './wire-reply.ts'

// Between the values of a program and the messages of the wire: both ways by the table row of the command.

/** The message of a command. Throws BAD_ARGUMENT where a value cannot be one of its parameters. */
export function encodeRequest(command: Command, params: Readonly<Record<string, unknown>>): PlainMessage {
  const given = new Map(Object.entries(params).filter(([, value]) => value !== undefined))
  const headers: [string, string][] = []
  for (const parameter of [...command.parameters, ...CONDITIONS]) {
    const property = propertyName(parameter.name)
    const value = given.get(property)
    given.delete(property)
    if (value === undefined) continue
    const right = parameter.type === 'integer' ? Number.isSafeInteger(value) : typeof value === 'string'
    if (!right)
      throw badArgument(`${command.name} takes as ${property} ${describeWanted(parameter)}, got ${String(value)}`)
    headers.push([parameter.name, String(value)])
  }
  const [unknown] = given.keys()
  if (unknown !== undefined) throw badArgument(`${command.name} has no parameter ${unknown}`)
  return { command: command.name, arguments: [], headers }
}

/** Headers as a program gives them, by their keys. Throws BAD_ARGUMENT where a value is none of a header. */
export function encodeHeaders(
  params: Readonly<Record<string, string | number | undefined>>,
): readonly (readonly [key: string, value: string])[] {
  const given = Object.entries(params).filter(([, value]) => value !== undefined)
  for (const [key, value] of given)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw badArgument(`${key} is to be a string or a number, got ${typeof value}`)
  return given.map(([key, value]) => [key, String(value)])
}

/** The values of a good reply, by property name. Throws PARSE where the reply is not one to the command. */
export function decodeReply({ name, reply: shape }: Command, reply: WireReply): Readonly<Record<string, unknown>> {
  const values = decodeHeaders(shape.headers, reply, `reply to ${name}`)
  if (header(reply, REPLAYED) === 'yes') values['replayed'] = true
  return shape.open === true ? { ...values, entries: headersButId(reply) } : values
}

/** The values of some headers, by property name. Throws PARSE where one is missing that has to be there. */
export function decodeHeaders(
  headers: readonly ReplyHeader[],
  reply: WireReply,
  what: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const expected of headers) {
    const value = decodeHeader(expected, reply)
    if (value === undefined && expected.optional !== true) {
      const message = `The ${what} has no ${expected.name} of type ${expected.type}`
      throw requestError('PARSE', message, { reply, retrySafe: false })
    }
    values[propertyName(expected.name)] = value
  }
  return values
}

/**
 * The same of a reply that is words alone: what these repeat of the parameters is all that can be had. Throws PARSE
 * where they repeat anything else.
 */
export function decodeWords(
  { name, reply: { summary, shown = [] } }: Command,
  reply: WireReply,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const repeated = shown.map(propertyName).filter((property) => params[property] !== undefined)
  const list = repeated.map((property) => params[property]).join(', ')
  const words = list === '' ? summary : `${summary}(${list})`
  if (reply.summary === words) return Object.fromEntries(repeated.map((property) => [property, params[property]]))
  const message = `The reply to ${name} is to be ${words}, got ${JSON.stringify(reply.summary)}`
  throw requestError('PARSE', message, { reply, retrySafe: false })
}

function decodeHeader({ name, type }: ReplyHeader, reply: WireReply): string | number | undefined {
  const text = header(reply, name)
  if (type === 'text' || text === undefined) return text
  const value = Number(text)
  return String(value) === text && Number.isSafeInteger(value) ? value : undefined
}
