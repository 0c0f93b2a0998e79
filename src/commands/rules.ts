import { MAX_COMMAND_BYTES, MAX_HEADERS, MAX_KEY_BYTES, MAX_MESSAGE_BYTES, MAX_PARAMETERS } from '../wire/limits.ts'
import { MAX_REPLY_HEADERS, propertyName } from '../wire/reply.ts'
import { type Command, hasPosition, type Parameter, takesRestOfLine } from './command.ts'
import { CONDITIONS } from './conditions.ts'

// What the type of a table row does not say.

/** What HELP says beside the parameters of a command, and so no name of one (section 6). */
const HELP_WORDS = ['SUMMARY', 'EXAMPLE', 'USAGE']
/** What may stand in any message (R2, section 4), and so is no parameter. */
const COMMON_HEADERS = ['ID', 'NOTE', ...CONDITIONS.map(({ name }) => name.toUpperCase())]
/** Says of a reply that it was given before, and the command not run again. */
export const REPLAYED = 'Replayed'
/** What a reply says beside the headers of its command. */
const REPLY_WORDS = ['ID', 'FATAL', REPLAYED.toUpperCase()]

const COMMAND_NAME = /^[A-Z][A-Z0-9_-]*$/
const KEY = /^[A-Z][A-Z0-9_-]*$/i
/** As HELP may show it. */
const SHOWABLE = /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u

/** Throws a TypeError where a row breaks a rule: in JavaScript, or by what its type cannot say. */
export function checkCommand({ name, aliases, states, parameters, reply, summary, example }: Command): void {
  const rule = (holds: boolean, text: string) => {
    if (!holds) throw new TypeError(`Command ${name}: ${text}`)
  }
  for (const word of [name, ...aliases]) {
    rule(COMMAND_NAME.test(word) && word.length <= MAX_COMMAND_BYTES, `${word} is no name of a command`)
    rule(!HELP_WORDS.includes(word), `${word} is a word of HELP`)
  }
  const known = states.every((state) => state === 'Handshake' || state === 'Authenticated')
  rule(known && states.length > 0, 'its states are Handshake, Authenticated or both')
  rule(SHOWABLE.test(summary) && SHOWABLE.test(example), 'summary and example are one line each, for HELP to show')
  rule(parameters.length <= MAX_PARAMETERS, `at most ${MAX_PARAMETERS} parameters`)
  rule(areApart(parameters), 'two of its parameters have one name')
  const positional = parameters.filter(hasPosition)
  for (const [index, parameter] of parameters.entries()) {
    rule(hasPosition(parameter) === index < positional.length, 'what is a header only stands behind what is not')
    const word = parameter.name.toUpperCase()
    rule(KEY.test(word) && word.length <= MAX_KEY_BYTES, `${parameter.name} is no name of a parameter`)
    rule(![...HELP_WORDS, ...COMMON_HEADERS].includes(word), `${parameter.name} has a meaning of its own`)
    rule(!word.startsWith('X-'), `${parameter.name} would be ignored, as every X- header is`)
    rule(
      !takesRestOfLine(parameter) || index === positional.length - 1,
      'only the last parameter takes the rest of the line',
    )
    const before = positional[index - 1]
    rule(
      !(parameter.required && hasPosition(parameter) && before?.required === false),
      `${parameter.name} is required, and stands behind ${before?.name}, which is not`,
    )
    const problem = problemOf(parameter)
    rule(problem === undefined, `${parameter.name} ${problem}`)
  }
  rule(/^[\x21-\x7e]+$/.test(reply.summary), 'the summary of its reply is one word')
  // One more is Replayed.
  const most = MAX_REPLY_HEADERS - 1
  rule(reply.headers.length <= most, `a reply has at most ${most} headers of its own`)
  rule(areApart(reply.headers), 'two headers of its reply have one name')
  for (const { name: header } of reply.headers) {
    rule(KEY.test(header) && header.length <= MAX_KEY_BYTES, `${header} is no name of a header`)
    rule(!REPLY_WORDS.includes(header.toUpperCase()), `${header} has a meaning of its own in a reply`)
  }
  for (const shown of reply.shown ?? []) {
    rule(
      reply.headers.some(({ name, type }) => name === shown && type === 'integer'),
      `${shown} is no integer to show`,
    )
  }
}

/** The most commands of one table: HELP has a header for each. */
export const MAX_COMMANDS = MAX_HEADERS - 1

/** Whether names are told apart on the wire, without case, and in a program, without hyphens. */
const areApart = (named: readonly { readonly name: string }[]): boolean =>
  new Set(named.map(({ name }) => propertyName(name).toUpperCase())).size === named.length

/** What is wrong with the values that a parameter takes. */
function problemOf(parameter: Parameter): string | undefined {
  switch (parameter.type) {
    case 'integer': {
      const { min, max, default: byDefault = min } = parameter
      if (![min, max, byDefault].every(Number.isSafeInteger) || min > max) return 'takes integers from min to max'
      return byDefault < min || byDefault > max ? 'has a default out of its range' : undefined
    }
    case 'text': {
      const { minBytes: min, maxBytes: max } = parameter
      const isRange = [min, max].every(Number.isSafeInteger) && 0 <= min && min <= max && max <= MAX_MESSAGE_BYTES
      return isRange ? undefined : `takes minBytes to maxBytes, which are 0..${MAX_MESSAGE_BYTES}`
    }
    case 'choice':
      return parameter.values.length > 0 && parameter.values.every((value) => /^[!-~]+$/.test(value))
        ? undefined
        : 'takes one of some words'
    case 'opaque':
      return undefined
    default:
      return `is of no type that there is: ${String((parameter satisfies never as Parameter).type)}`
  }
}
