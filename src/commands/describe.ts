import { type Command, hasPosition, type Parameter } from './command.ts'

/** `MOVE X Y [Z] [Speed]`. */
export const usage = ({ name, parameters }: Command): string =>
  [
    name,
    ...parameters.filter(hasPosition).map((parameter) => (parameter.required ? parameter.name : `[${parameter.name}]`)),
  ].join(' ')

/** What a parameter takes: `integer, cm/s, 1..1000`. */
export function describeType(parameter: Parameter): string {
  switch (parameter.type) {
    case 'integer': {
      const { unit, min, max } = parameter
      return ['integer', ...(unit === undefined ? [] : [unit]), `${min}..${max}`].join(', ')
    }
    case 'text':
      return `text, ${parameter.minBytes}..${parameter.maxBytes} bytes of UTF-8${parameter.restOfLine ? ', the rest of the line' : ''}`
    case 'choice':
      return parameter.values.join(' or ')
    case 'opaque':
      return 'text'
    default:
      return parameter satisfies never
  }
}

/** The same in an error: `an integer, 1..1000 cm/s`. */
export function describeWanted(parameter: Parameter): string {
  switch (parameter.type) {
    case 'integer': {
      const { unit, min, max } = parameter
      return `an integer, ${min}..${max}${unit === undefined ? '' : ` ${unit}`}`
    }
    case 'text':
      return `a text of ${parameter.minBytes}..${parameter.maxBytes} bytes of UTF-8`
    case 'choice':
      return parameter.values.join(' or ')
    case 'opaque':
      return 'a text'
    default:
      return parameter satisfies never
  }
}

/** All of it: `integer, cm/s, 1..1000, default 100`. */
export function describe(parameter: Parameter): string {
  const byDefault =
    parameter.type === 'integer' && parameter.default !== undefined ? `default ${parameter.default}` : 'optional'
  const need = parameter.required ? 'required' : byDefault
  return [
    describeType(parameter),
    need,
    ...(parameter.headerOnly === true ? ['a header only'] : []),
    ...(parameter.summary === undefined ? [] : [parameter.summary]),
  ].join(', ')
}
