import { describe, expect, it } from 'vitest'
import { type Command, command, hasPosition, type Parameter } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { parsed } from '../support/parsed.ts'

const ANY = ['Handshake', 'Authenticated']
const FLYING = ['Authenticated']
const INT32 = [-2147483648, 2147483647]
const CHANNEL = [0, 255]

/** The table of section 6, row by row. */
const CONTRACT = [
  { name: 'HELLO', aliases: [], states: ['Handshake'], parameters: ['Token', 'Version', 'Client'] },
  { name: 'MOVE', aliases: [], states: FLYING, parameters: ['X', 'Y', 'Z', 'Speed'] },
  { name: 'WRITE', aliases: [], states: FLYING, parameters: ['Text'] },
  { name: 'CHANGECOLOR', aliases: ['COLOR'], states: FLYING, parameters: ['R', 'G', 'B'] },
  { name: 'STATUS', aliases: [], states: FLYING, parameters: [] },
  { name: 'WAIT', aliases: [], states: FLYING, parameters: ['Timeout'] },
  { name: 'PING', aliases: [], states: ANY, parameters: [] },
  { name: 'HELP', aliases: [], states: ANY, parameters: ['Command'] },
  { name: 'QUIT', aliases: ['EXIT'], states: ANY, parameters: [] },
]

/** What flight adds to it. Parameters that have no positional form stand apart. */
const OF_FLIGHT = [
  { name: 'TAKEOFF', parameters: ['Z'], headersOnly: ['Wait'] },
  { name: 'LAND', parameters: [], headersOnly: ['Wait'] },
  { name: 'STOP', parameters: [], headersOnly: [] },
  { name: 'EMERGENCY', parameters: ['Drone'], headersOnly: [] },
  { name: 'SUBSCRIBE', parameters: ['Topic', 'Rate'], headersOnly: [] },
  { name: 'UNSUBSCRIBE', parameters: ['Topic'], headersOnly: [] },
  { name: 'ACQUIRE', parameters: [], headersOnly: ['Force'] },
  { name: 'RELEASE', parameters: [], headersOnly: [] },
].map((row) => ({ ...row, aliases: [], states: FLYING }))
/** By the names of the commands. */
const HEADERS_ONLY: Readonly<Record<string, readonly string[]>> = {
  HELLO: ['Lease', 'On-Close'],
  MOVE: ['Wait'],
  WAIT: ['Op'],
  ...Object.fromEntries(OF_FLIGHT.map(({ name, headersOnly }) => [name, headersOnly])),
}
const ALL = [...CONTRACT, ...OF_FLIGHT]

const table = new CommandTable(COMMANDS)
const found = (text: string) => table.find(parsed(text).message)?.spec.name

const STANDING = command({
  name: 'STAND',
  aliases: [],
  states: FLYING as ['Authenticated'],
  parameters: [],
  summary: 'stand',
  example: 'STAND',
  reply: { summary: 'STOOD', headers: [] },
})
const tableOf = (...rows: Partial<Command>[]) => new CommandTable(rows.map((row) => ({ ...STANDING, ...row })))
const integer = (name: string): Parameter => ({ name, type: 'integer', min: 0, max: 1, required: true })

describe('COMMANDS', () => {
  it('holds the commands of the contract and of flight, and no other (section 6)', () => {
    expect(table.commands.map(({ name }) => name).toSorted()).toEqual(ALL.map(({ name }) => name).toSorted())
  })

  it.each(ALL)('declares $name as the contract does (section 6)', ({ name, aliases, states, parameters }) => {
    const spec = table.get(name)?.spec
    expect(spec).toMatchObject({ aliases, states })
    const namesOf = (of: readonly Parameter[] = []) => of.map((parameter) => parameter.name)
    expect(namesOf(spec?.parameters.filter(hasPosition))).toEqual(parameters)
    expect(namesOf(spec?.parameters.filter((parameter) => !hasPosition(parameter)))).toEqual(HEADERS_ONLY[name] ?? [])
  })

  it('has the stop lane run at once, and only motion stopped by it', () => {
    const namesOf = (of: 'urgent' | 'motion') => table.commands.filter((row) => row[of]).map(({ name }) => name)
    expect(namesOf('urgent').toSorted()).toEqual(['EMERGENCY', 'LAND', 'STOP'])
    expect(namesOf('motion').toSorted()).toEqual(['MOVE', 'TAKEOFF'])
  })

  it('has an observer look and stop the drone, landing it too, and a pilot do all else with it', () => {
    const forPilots = table.commands.filter(({ role }) => role === 'pilot').map(({ name }) => name)
    expect(forPilots.toSorted()).toEqual(['ACQUIRE', 'CHANGECOLOR', 'MOVE', 'RELEASE', 'TAKEOFF', 'WRITE'])
    expect(table.commands.filter(({ role }) => role === 'admin')).toEqual([])
  })

  it('has every command take the conditions, behind its own parameters and as headers only', () => {
    for (const name of table.names) {
      const { parameters = [], own, positions } = table.get(name) ?? {}
      const conditions = parameters.slice(own).map(({ spec }) => spec)
      expect(conditions.map((spec) => spec.name)).toEqual(['Ttl', 'Sent', 'Key', 'Dry-Run'])
      expect(conditions.some(hasPosition)).toBe(false)
      expect(positions).toBeLessThanOrEqual(own ?? 0)
    }
  })

  it.each(['MOVE', 'TAKEOFF', 'LAND'])('tells of %s which operation it is', (name) => {
    expect(table.get(name)?.spec.reply.headers.at(-1)).toMatchObject({ name: 'Op', type: 'integer' })
  })

  it.each([
    ['MOVE', 'X', INT32, true],
    ['MOVE', 'Y', INT32, true],
    ['MOVE', 'Z', INT32, false],
    ['MOVE', 'Speed', [1, 1000], false],
    ['CHANGECOLOR', 'R', CHANNEL, true],
    ['CHANGECOLOR', 'G', CHANNEL, true],
    ['CHANGECOLOR', 'B', CHANNEL, true],
    ['WAIT', 'Timeout', [1, 600_000], false],
    ['WAIT', 'Op', [1, Number.MAX_SAFE_INTEGER], false],
    ['TAKEOFF', 'Z', [1, 2147483647], false],
    ['SUBSCRIBE', 'Rate', [1, 50], false],
    ['HELLO', 'Lease', [100, 600_000], false],
  ])('bounds %s %s (section 6)', (name, parameterName, [min, max], required) => {
    const parameters = table.get(name)?.spec.parameters
    expect(parameters?.find((parameter) => parameter.name === parameterName)).toMatchObject({ min, max, required })
  })
})

describe('CommandTable', () => {
  it.each([
    ['MOVE 1 2', 'MOVE'],
    ['move 1 2', 'MOVE'],
    ['COLOR 1 2 3', 'CHANGECOLOR'],
    ['color', 'CHANGECOLOR'],
    ['ChangeColor', 'CHANGECOLOR'],
    ['Exit', 'QUIT'],
  ])('finds the command of %j without case (section 3)', (text, name) => expect(found(text)).toBe(name))

  it.each(['MOV', 'MOVEE', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'])(
    'finds no command in %s (G3)',
    (text) => {
      expect(found(text)).toBeUndefined()
      expect(table.get(text)).toBeUndefined()
    },
  )

  it('names every command and alias', () => {
    const names = ALL.flatMap(({ name, aliases }) => [name, ...aliases])
    expect(table.names.toSorted()).toEqual(names.toSorted())
  })

  it.each(['SUMMARY', 'EXAMPLE', 'USAGE'])('refuses %s for a command, an alias or a parameter (section 6)', (word) => {
    expect(() => tableOf({ name: word })).toThrow(TypeError)
    expect(() => tableOf({ aliases: [word] })).toThrow(TypeError)
    const parameter = word.charAt(0) + word.slice(1).toLowerCase()
    expect(() => tableOf({ parameters: [integer(parameter)] })).toThrow(TypeError)
  })

  it.each(['', '1A', 'A B', '__PROTO__', 'É', `A${'B'.repeat(32)}`])('refuses %j for a command (section 3)', (name) => {
    expect(() => tableOf({ name })).toThrow(TypeError)
    expect(() => tableOf({ aliases: [name] })).toThrow(TypeError)
  })

  it.each([
    '',
    '1A',
    'A B',
    '__proto__',
    'É',
    `A${'B'.repeat(64)}`,
    'Id',
    'Note',
    'X-Y',
    'Ttl',
    'sent',
    'KEY',
    'Dry-Run',
  ])('refuses %j for a parameter, which is no key or has a meaning already (section 3, R2)', (name) =>
    expect(() => tableOf({ parameters: [integer(name)] })).toThrow(TypeError),
  )

  it('takes the longest names (section 3)', () => {
    const [name, key] = [`A${'B'.repeat(31)}`, `A${'b'.repeat(63)}`]
    expect(
      tableOf({ name, parameters: [integer(key)] })
        .get(name)
        ?.parameters.map(({ property }) => property)[0],
    ).toBe(`a${'b'.repeat(63)}`)
  })

  it('refuses a name that stands twice, be it as an alias', () => {
    expect(() => tableOf({ name: 'A' }, { name: 'A' })).toThrow(TypeError)
    expect(() => tableOf({ name: 'A' }, { name: 'B', aliases: ['A'] })).toThrow(TypeError)
    expect(() => tableOf({ parameters: [integer('Word'), integer('WORD')] })).toThrow(TypeError)
  })

  it('lets only the last parameter take the rest of the line', () => {
    const rest: Parameter = { name: 'T', type: 'text', minBytes: 1, maxBytes: 9, required: true, restOfLine: true }
    expect(() => tableOf({ parameters: [rest, integer('N')] })).toThrow(TypeError)
    expect(tableOf({ parameters: [integer('N'), rest] }).names).toEqual(['STAND'])
    const header: Parameter = { ...integer('N'), headerOnly: true }
    expect(tableOf({ parameters: [rest, header] }).names).toEqual(['STAND'])
  })

  it('wants what is a header only behind all that has a place in the line', () => {
    const header: Parameter = { ...integer('H'), headerOnly: true }
    expect(() => tableOf({ parameters: [header, integer('N')] })).toThrow(TypeError)
    expect(tableOf({ parameters: [integer('N'), header] }).get('STAND')?.positions).toBe(1)
  })

  const reply = (...names: string[]) => ({
    summary: 'DONE',
    headers: names.map((name) => ({ name, type: 'text' as const })),
  })
  const choice: Parameter = { name: 'C', type: 'choice', values: [], required: true }
  const text: Parameter = { name: 'T', type: 'text', minBytes: 1, maxBytes: 9, required: true }
  const odd = (type: string) => [{ ...integer('N'), type }] as unknown as Parameter[]
  const optional: Parameter = { ...integer('O'), required: false }
  it.each<[what: string, row: Parameters<typeof tableOf>[0]]>([
    ['no state', { states: [] }],
    ['a state that there is not', { states: ['Flying' as 'Closing'] }],
    ['a summary of two lines', { summary: 'one\r\ntwo' }],
    ['no summary', { summary: '' }],
    ['a type that there is not', { parameters: odd('float') }],
    ['a range that is none', { parameters: [{ ...integer('N'), min: 2, max: 1 } as Parameter] }],
    ['a bound that is no number', { parameters: [{ ...integer('N'), max: Number.NaN } as Parameter] }],
    ['a default out of its range', { parameters: [{ ...optional, min: 1, max: 2, default: 3 } as Parameter] }],
    ['a text without a length', { parameters: [{ ...text, maxBytes: Number.NaN }] }],
    ['a text that is longer than a message', { parameters: [{ ...text, maxBytes: 8193 }] }],
    ['a choice of nothing', { parameters: [choice] }],
    ['a choice of two words', { parameters: [{ ...choice, values: ['two words'] }] }],
    ['one property for two parameters', { parameters: [integer('On-Close'), integer('OnClose')] }],
    ['what is required behind what is not', { parameters: [optional, integer('N')] }],
    ['a reply header with a meaning of its own', { reply: reply('Replayed') }],
    ['one name for two reply headers', { reply: reply('A', 'a') }],
    [
      '30 reply headers, where Replayed would be one too many',
      { reply: reply(...Array.from({ length: 30 }, (_, i) => `H${i}`)) },
    ],
  ])('refuses %s', (_, row) => {
    expect(() => tableOf(row)).toThrow(TypeError)
  })

  it('takes 29 reply headers, a default and a choice', () => {
    const headers = Array.from({ length: 29 }, (_, i) => `H${i}`)
    const parameters: Parameter[] = [{ ...choice, values: ['on', 'off'] }, { ...optional, default: 1 } as Parameter]
    expect(tableOf({ reply: reply(...headers), parameters }).names).toEqual(['STAND'])
  })
})
