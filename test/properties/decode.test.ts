import fc from 'fast-check'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { decode } from '../../src/commands/decode.ts'
import { CommandTable, type PreparedCommand } from '../../src/commands/table.ts'
import { Message } from '../../src/wire/message.ts'
import { parse } from '../../src/wire/parse.ts'

const table = new CommandTable(COMMANDS)

function decoded(text: string) {
  const bytes = Buffer.from(text)
  const message = new Message()
  expect(parse(bytes, 0, bytes.length, message)).toBeUndefined()
  return decode(table.find(message) as PreparedCommand, message)
}

const key = fc.constantFrom('X', 'x', 'Y', 'Z', 'Speed', 'R', 'G', 'B', 'Timeout', 'Text', 'Id', 'Note', 'X-A', 'Sped')
const value = fc.oneof(
  fc.integer({ min: -3_000_000_000, max: 3_000_000_000 }).map(String),
  fc.integer({ min: -2, max: 300 }).map(String),
  fc.constantFrom('', '-0', '007', '1e3', 'far', '+5', '1.0'),
)
const headers = fc.uniqueArray(fc.tuple(key, value), { maxLength: 6, selector: ([name]) => name.toUpperCase() })
const command = fc.constantFrom(...COMMANDS.map(({ name }) => name))

it('decodes a message the same with and without a header that means nothing, which keeps it from being taken quickly', () => {
  fc.assert(
    fc.property(command, headers, (name, given) => {
      const text = [name, ...given.map(([key, value]) => `${key}: ${value}`)].join('\n')
      expect(decoded(`${text}\n\n`)).toEqual(decoded(`${text}\nX-Slow: yes\n\n`))
    }),
    { numRuns: 3000 },
  )
})
