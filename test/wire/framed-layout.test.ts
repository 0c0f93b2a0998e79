import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { LAYOUTS } from '../../src/wire/framed-layout.ts'

it.each(LAYOUTS)('$title has the names, and the first parameters, of its command', ({ commands, fields }) => {
  const [name, ...aliases] = commands
  const row = COMMANDS.find((command) => command.name === name)
  expect(row?.aliases).toEqual(aliases)
  const first = row?.parameters.slice(0, fields.length).map((parameter) => parameter.name)
  expect(first).toEqual(fields.map(([field]) => field))
})
