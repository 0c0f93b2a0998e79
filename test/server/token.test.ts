import { expect, it } from 'vitest'
import { authenticator, problemOfToken } from '../../src/server/token.ts'

it('takes printable ASCII without spaces for a token (section 5)', () => {
  const printable = String.fromCharCode(...Array.from({ length: 0x7e - 0x20 }, (_, index) => 0x21 + index))
  expect(problemOfToken(printable)).toBeUndefined()
})

it.each(['', ' ', 'a b', 'a\n', '\ta', 'a\0', 'a\x7f', 'ä', '€'])('takes %j for none (section 5)', (token) => {
  expect(problemOfToken(token)).toMatch(/token/)
  expect(() => authenticator(token)).toThrow(TypeError)
})

it('says what is wrong with a token without showing it', () => {
  expect(problemOfToken('my s3cret')).not.toContain('s3cret')
})

it('lets in the token alone', () => {
  const authenticate = authenticator('s3cret')
  expect(authenticate('s3cret')).toBe(true)
  for (const wrong of [undefined, '', 's3cre', 's3cret1', 'S3CRET', '\0', 'undefined']) {
    expect(authenticate(wrong)).toBe(false)
  }
})

it('lets in anybody where there is no token', () => {
  const authenticate = authenticator(undefined)
  for (const any of [undefined, '', 'anything']) expect(authenticate(any)).toBe(true)
})
