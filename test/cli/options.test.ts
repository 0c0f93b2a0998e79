import { describe, expect, it } from 'vitest'
import { describeOptions, type Option, parseArguments, usageError } from '../../src/cli/options.ts'

const OPTIONS: readonly Option[] = [
  { name: 'listen', value: 'HOST:PORT', help: 'where' },
  { name: 'strict', help: 'how' },
]

const parse = (...args: string[]) => Object.fromEntries(parseArguments(args, OPTIONS).options)

describe('the options', () => {
  it('are read by their names', () => {
    expect(parse('--listen', 'a:1', '--strict')).toEqual({ listen: 'a:1', strict: true })
    expect(parse('--listen=a:1')).toEqual({ listen: 'a:1' })
    expect(parse()).toEqual({})
  })

  it.each([
    { fault: 'an unknown one', args: ['--lisen', 'a:1'], named: '--lisen' },
    { fault: 'an unknown short one', args: ['-l'], named: '-l' },
    { fault: 'a value that is missing', args: ['--listen'], named: '--listen' },
    { fault: 'an option in the place of a value', args: ['--listen', '--strict'], named: '--listen' },
    { fault: 'a value where none belongs', args: ['--strict=yes'], named: '--strict' },
    { fault: 'a word that is no option', args: ['extra'], named: 'extra' },
    { fault: 'a name of every object', args: ['--constructor'], named: '--constructor' },
    { fault: 'an option with a line end in it', args: ['--a\nb'], named: '--a' },
  ])('are refused with one line that names it at $fault', ({ args, named }) => {
    const refused = expect(() => parse(...args))
    refused.toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(named) }))
    refused.toThrow(expect.objectContaining({ message: expect.stringMatching(/^[^\r\n]+$/) }))
  })

  it.each([
    { arg: '--lisen', says: "Unknown option '--lisen': did you mean --listen?" },
    { arg: '--colour', says: "Unknown option '--colour': try --help" },
    { arg: '-l', says: "Unknown option '-l': try --help" },
  ])('are guessed at, or help is named, at $arg', ({ arg, says }) => {
    expect(() => parse(arg)).toThrow(expect.objectContaining({ message: says }))
  })

  it('may have a letter', () => {
    expect([...parseArguments(['-s'], [{ name: 'strict', help: 'how', short: 's' }]).options]).toEqual([
      ['strict', true],
    ])
  })

  it('stand anywhere among the words, and a negative number is a word', () => {
    const { options, words } = parseArguments(['MOVE', '-5', '--strict', '10'], OPTIONS, 3)
    expect([...options.keys()]).toEqual(['strict'])
    expect(words).toEqual(['MOVE', '-5', '10'])
    expect(() => parseArguments(['a', 'b'], OPTIONS, 1)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('are described in columns', () => {
    expect(describeOptions(OPTIONS)).toBe('  --listen HOST:PORT  where\n  --strict            how\n')
  })
})

it('an error of the one who starts the program is a plain Error with a code', () => {
  const error = usageError('so it is')
  expect(Object.getPrototypeOf(error)).toBe(Error.prototype)
  expect(error).toMatchObject({ message: 'so it is', code: 'USAGE' })
})
