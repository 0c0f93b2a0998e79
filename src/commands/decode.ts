import { COLON, COMMA, fold, MINUS } from '../wire/characters.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_PARAMETERS } from '../wire/limits.ts'
import type { Message } from '../wire/message.ts'
import { Names } from '../wire/names.ts'
import { quote } from '../wire/quote.ts'
import type { Parameter, TextParameter } from './command.ts'
import { describeWanted, usage } from './describe.ts'
import { hint } from './hint.ts'
import * as integer from './integer.ts'
import type { PreparedCommand, PreparedParameter } from './table.ts'

const { readInteger } = integer

/** The decoded parameters of a message, by property name: what the handler of its command takes. */
export type DecodedParams = Readonly<Record<string, number | string | undefined>>

/** Which headers any message may carry without being asked (section 4: UNKNOWN_HEADER). */
const COMMON_HEADERS = new Names([
  ['Id', true],
  ['Note', true],
])

const SMALL_X = 0x78

/** Characters that a text must not hold, since it comes back as written (R4), and what they are called. */
const UNSAFE_CHARACTER = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u

/** What is meant by a value that ends with a character of punctuation. */
const SLIPS: ReadonlyMap<number, string> = new Map([
  [COLON, 'each header stands on a line of its own'],
  [COMMA, 'arguments are separated by spaces alone'],
])

/** The header that gives each parameter of the message at hand, counted from 1; 0 for none. Used within one call. */
const headerOf = new Int32Array(MAX_PARAMETERS)

/**
 * The parameters of a message, from its headers and arguments: the only way in for what a client sends.
 *
 * @returns the first failure in the order of R7: UNKNOWN_HEADER, TOO_MANY_ARGUMENTS, then in table order BAD_ARGUMENT
 * for a parameter given twice, MISSING_ARGUMENT, BAD_ARGUMENT for its form, OUT_OF_RANGE.
 */
export function decode(command: PreparedCommand, message: Message): DecodedParams | Failure {
  return decodeQuickly(command, message) ?? decodeInOrder(command, message)
}

/**
 * Takes the headers as they come, where all of them are integers in their ranges, as in a MOVE: in 60 ns of it in place
 * of 90. Undefined where it is not that simple, and so also where there is a mistake, which is told in order.
 */
function decodeQuickly(command: PreparedCommand, message: Message): DecodedParams | undefined {
  if (message.argumentCount > 0) return undefined
  const { parameters, parameterNames } = command
  const { bytes, headerCount, idStart } = message
  const params: Record<string, number | string | undefined> = { ...command.defaults }
  let given = 0
  for (let header = 0; header < headerCount; header++) {
    const start = message.valueStart(header)
    // The Id is for the session, which has looked at it already.
    if (start === idStart) continue
    const index = parameterNames.find(bytes, message.keyStart(header), message.keyEnd(header), message.keyHash(header))
    if (index === undefined) return undefined
    const { type, min, max, property } = parameters[index] as PreparedParameter
    if (type !== 'integer') return undefined
    const value = readInteger(bytes, start, message.valueEnd(header))
    if (!(value >= min && value <= max)) return undefined
    params[property] = value
    given |= 1 << index
  }
  return (given & command.required) === command.required ? params : undefined
}

function decodeInOrder(command: PreparedCommand, message: Message): DecodedParams | Failure {
  const { parameters } = command
  for (let index = 0; index < parameters.length; index++) headerOf[index] = 0
  for (let header = 0; header < message.headerCount; header++) {
    const start = message.keyStart(header)
    const end = message.keyEnd(header)
    const hash = message.keyHash(header)
    const parameter = command.parameterNames.find(message.bytes, start, end, hash)
    if (parameter !== undefined) headerOf[parameter] = header + 1
    else if (!isCommonHeader(message, start, end, hash)) return unknownHeader(command, message, start, end)
  }

  const { argumentCount } = message
  if (argumentCount > parameters.length && !command.takesRest) return tooManyArguments(command, message)

  const params: Record<string, number | string | undefined> = { ...command.defaults }
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] as PreparedParameter
    const header = (headerOf[index] as number) - 1
    let start: number
    let end: number
    if (index < argumentCount) {
      if (header >= 0) return givenTwice(parameter.spec)
      start = message.argumentStart(index)
      end = parameter.takesRest ? message.firstLineEnd : message.argumentEnd(index)
    } else if (header >= 0) {
      start = message.valueStart(header)
      end = message.valueEnd(header)
    } else {
      if (parameter.required) return missing(command, parameter.spec)
      continue
    }
    const value = decodeValue(parameter, message, start, end)
    if (typeof value === 'object') return value
    params[parameter.property] = value
  }
  return params
}

function decodeValue(
  { type, spec, min, max }: PreparedParameter,
  message: Message,
  start: number,
  end: number,
): number | string | Failure {
  if (type === 'integer') {
    const value = readInteger(message.bytes, start, end)
    return value >= min && value <= max ? value : badInteger(spec, value, message, start, end)
  }
  const text = message.text(start, end)
  if (spec.type !== 'text') return text
  return UNSAFE_CHARACTER.test(text) ? unsafeText(spec, text) : rangeOfText(spec, text, end - start)
}

/** `Id`, `Note`, and every `X-` header. */
function isCommonHeader({ bytes }: Message, start: number, end: number, hash: number): boolean {
  const isExtension = end - start > 1 && fold(bytes[start] as number) === SMALL_X && bytes[start + 1] === MINUS
  return isExtension || COMMON_HEADERS.find(bytes, start, end, hash) !== undefined
}

// The failures. Each names the parameter, what came, and what is allowed (R5).

function unknownHeader({ spec }: PreparedCommand, message: Message, start: number, end: number): Failure {
  const known = spec.parameters.map(({ name }) => name)
  return new Failure('UNKNOWN_HEADER', {
    reason: `${spec.name} takes no header ${quote(message.bytes, start, end)}`,
    hint: hint(message.text(start, end), [...known, 'Id', 'Note']) ?? `usage: ${usage(spec)}`,
  })
}

function tooManyArguments({ spec }: PreparedCommand, { argumentCount }: Message): Failure {
  const { length } = spec.parameters
  const takes = length === 0 ? 'no arguments' : `at most ${length} argument${length === 1 ? '' : 's'}`
  return new Failure('TOO_MANY_ARGUMENTS', {
    reason: `${spec.name} takes ${takes}, got ${argumentCount}`,
    hint: `usage: ${usage(spec)}`,
  })
}

const givenTwice = ({ name }: Parameter): Failure =>
  new Failure('BAD_ARGUMENT', { reason: `${name} is given twice, as an argument and as a header`, param: name })

const missing = ({ spec }: PreparedCommand, parameter: Parameter): Failure =>
  new Failure('MISSING_ARGUMENT', {
    reason: `${spec.name} needs ${parameter.name}: ${describeWanted(parameter)}`,
    param: parameter.name,
    hint: `usage: ${usage(spec)}`,
  })

const badInteger = (parameter: Parameter, value: number, { bytes }: Message, start: number, end: number): Failure =>
  new Failure(Number.isNaN(value) ? 'BAD_ARGUMENT' : 'OUT_OF_RANGE', {
    reason: `${parameter.name} takes ${describeWanted(parameter)}`,
    found: quote(bytes, start, end),
    param: parameter.name,
    hint: SLIPS.get(bytes[end - 1] ?? NaN),
  })

function unsafeText(parameter: TextParameter, text: string): Failure {
  const at = text.search(UNSAFE_CHARACTER)
  const point = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  return new Failure('BAD_ARGUMENT', {
    reason: `${parameter.name} takes no control character, line separator, byte order mark or bidi control`,
    found: `U+${point}`,
    param: parameter.name,
  })
}

function rangeOfText(parameter: TextParameter, text: string, bytes: number): string | Failure {
  if (bytes >= parameter.minBytes && bytes <= parameter.maxBytes) return text
  return new Failure('OUT_OF_RANGE', {
    reason: `${parameter.name} takes ${describeWanted(parameter)}`,
    found: `${bytes} bytes`,
    param: parameter.name,
  })
}
