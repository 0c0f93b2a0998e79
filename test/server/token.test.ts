import { expect, it } from 'vitest'
import { problemOfToken } from '../../src/server/token.ts'

it('takes printable ASCII without spaces for a token (section 5)', () => {
  const printable = String.fromCharCode(...Array.from({ length: 0x7e - 0x20 }, (_, index) => 0x21 + index))
  expect(problemOfToken(printable)).toBeUndefined()
})

it.each(['', ' ', 'a b', 'a\n', '\ta', 'a\0', 'a\x7f', 'ä', '€'])('takes %j for none (section 5)', (token) => {
  expect(problemOfToken(token)).toMatch(/token/)
})

it('says what is wrong with a token without showing it', () => {
  expect(problemOfToken('my s3cret')).not.toContain('s3cret')
})
