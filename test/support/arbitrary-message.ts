import fc from 'fast-check'
import type { PlainMessage } from '../../src/wire/message.ts'

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz']
const NAME_CHARACTERS = [...LETTERS, ...'0123456789_-']

const MAX_COMMAND_LENGTH = 32
const MAX_KEY_LENGTH = 64

const name = (maxLength: number) =>
  fc
    .tuple(
      fc.constantFrom(...LETTERS),
      fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS), maxLength: maxLength - 1 }),
    )
    .map(([first, rest]) => first + rest)

const visible = fc.oneof(
  { arbitrary: fc.integer({ min: 0x21, max: 0x7e }).map((unit) => String.fromCharCode(unit)), weight: 4 },
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((character) => character > '\x7f'),
  fc.constantFrom('\u0080', '\u00a0', '\u0130', '\u2028', '\u212a', '\ufeff', '\uffff', '🚁'),
)
const argument = fc.string({ unit: visible, minLength: 1, maxLength: 20 })
const value = fc
  .string({ unit: fc.oneof({ arbitrary: visible, weight: 6 }, fc.constantFrom(' ', '\t')), maxLength: 30 })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))

/** Any message that the grammar of section 3 has, so long as it is far from the cap. */
export const arbitraryMessage = ({ maxArguments }: { readonly maxArguments: number }): fc.Arbitrary<PlainMessage> =>
  fc.record({
    command: name(MAX_COMMAND_LENGTH),
    arguments: fc.array(argument, { maxLength: maxArguments }),
    headers: fc.uniqueArray(fc.tuple(name(MAX_KEY_LENGTH), value), {
      maxLength: 20,
      selector: ([key]) => key.toLowerCase(),
    }),
  })
