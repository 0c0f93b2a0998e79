import { COLON, COMMA, fold, MINUS } from '../wire/characters.ts'
import { Failure } from '../wire/failure.ts'
import { MAX_PARAMETERS } from '../wire/limits.ts'
import { HEADER_FIELDS, type Message } from '../wire/message.ts'
import { Names } from '../wire/names.ts'
import { quote } from '../wire/quote.ts'
import type { ChoiceParameter, Parameter, TextParameter } from './command.ts'
import { CONDITIONS, type Conditions } from './conditions.ts'
import { describeWanted, usage } from './describe.ts'
import { hint } from './hint.ts'
import * as integer from './integer.ts'
import type { DecodedParams, ParameterValue, PreparedCommand, PreparedParameter } from './table.ts'

const { readInteger } = integer
const FIELDS = HEADER_FIELDS

/** What a message asks for, and on which conditions, if there are any. */
export interface Decoded {
  readonly params: DecodedParams
  readonly conditions: Conditions | undefined
}

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

/**
 * What the message at hand gives, by the places of the parameters; what earlier ones gave stands in the other places.
 * Used within one call.
 */
const given: ParameterValue[] = new Array(MAX_PARAMETERS).fill(undefined)

/** The header that gives each parameter of the message at hand, counted from 1; 0 for none. Used within one call. */
const headerOf = new Int32Array(MAX_PARAMETERS + CONDITIONS.length)

/**
 * The parameters of a message, from its headers and arguments: the only way in for what a client sends.
 *
 * @returns the first failure in the order of R7: UNKNOWN_HEADER, TOO_MANY_ARGUMENTS, then in table order BAD_ARGUMENT
 * for a parameter given twice, MISSING_ARGUMENT, BAD_ARGUMENT for its form, OUT_OF_RANGE.
 */
export function decode(command: PreparedCommand, message: Message): Decoded | Failure {
  const params = decodeQuickly(command, message)
  return params === undefined ? decodeInOrder(command, message) : { params, conditions: undefined }
}

/**
 * Takes the headers as they come, where all of them are integers in their ranges, as in a MOVE: in 55 ns of it in place
 * of 90. Undefined where it is not that simple, and so also where there is a mistake, which is told in order.
 */
export function decodeQuickly(command: PreparedCommand, message: Message): DecodedParams | undefined {
  if (!command.takesIntegersOnly || message.argumentCount > 0) return undefined
  const { byKey } = command
  // Out of the array itself: to ask the message for each field is 3 to 10 ns more.
  const { bytes, headers, headerCount, idStart } = message
  let found = 0
  for (let field = 0; field < headerCount * FIELDS; field += FIELDS) {
    const start = headers[field + 3] as number
    // The Id is for the session, which has looked at it already.
    if (start === idStart) continue
    const hash = headers[field] as number
    const parameter = byKey.find(bytes, headers[field + 1] as number, headers[field + 2] as number, hash)
    if (parameter === undefined || !parameter.isOwnInteger) return undefined
    const value = readInteger(bytes, start, headers[field + 4] as number)
    if (!(value >= parameter.min && value <= parameter.max)) return undefined
    given[parameter.index] = value
    found |= 1 << parameter.index
  }
  return (found & command.required) === command.required ? command.build(given, found) : undefined
}

/** All the rest, and so also every mistake. */
export function decodeInOrder(command: PreparedCommand, message: Message): Decoded | Failure {
  const { parameters } = command
  for (let index = 0; index < parameters.length; index++) headerOf[index] = 0
  for (let header = 0; header < message.headerCount; header++) {
    const start = message.keyStart(header)
    const end = message.keyEnd(header)
    const hash = message.keyHash(header)
    const parameter = command.byKey.find(message.bytes, start, end, hash)
    if (parameter !== undefined) headerOf[parameter.index] = header + 1
    else if (!isCommonHeader(message, start, end, hash)) return unknownHeader(command, message, start, end)
  }

  const { argumentCount } = message
  if (argumentCount > command.positions && !command.takesRest) return tooManyArguments(command, message)

  let found = 0
  let conditions: Conditions | undefined
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] as PreparedParameter
    const header = (headerOf[index] as number) - 1
    let start: number
    let end: number
    if (index < argumentCount && index < command.positions) {
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
    if (index >= command.own) {
      conditions = { ...conditions, [parameter.property]: value }
      continue
    }
    given[index] = value
    found |= 1 << index
  }
  return { params: command.build(given, found), conditions }
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
  if (spec.type === 'choice') return chosen(spec, text) ?? badChoice(spec, message, start, end)
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
    hint:
      hint(message.text(start, end), [...known, ...CONDITIONS.map(({ name }) => name), 'Id', 'Note']) ??
      `usage: ${usage(spec)}`,
  })
}

function tooManyArguments({ spec, positions }: PreparedCommand, { argumentCount }: Message): Failure {
  const takes = positions === 0 ? 'no arguments' : `at most ${positions} argument${positions === 1 ? '' : 's'}`
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
    hint: start < end ? SLIPS.get(bytes[end - 1] as number) : undefined,
  })

/** The word of a choice that a text is, but for its case: ASCII only, as in all names. */
const chosen = ({ values }: ChoiceParameter, text: string): string | undefined =>
  values.find((value) => value.toLowerCase() === text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))

const badChoice = (parameter: ChoiceParameter, message: Message, start: number, end: number): Failure =>
  new Failure('BAD_ARGUMENT', {
    reason: `${parameter.name} takes ${describeWanted(parameter)}`,
    found: quote(message.bytes, start, end),
    param: parameter.name,
    hint: hint(message.text(start, end), parameter.values),
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
