import { expect, it } from 'vitest'
import { harmless } from '../../src/cli/show-reply.ts'

it.each([
  ['café, 東京', 'café, 東京'],
  ['\x1b[2J', '\\x1b[2J'],
  ['a\tb', 'a\\x09b'],
  ['\u009b', '\\x9b'],
  ['left\u202eright', 'left\\u202eright'],
  ['one\u2028two', 'one\\u2028two'],
  ['\ufeff', '\\ufeff'],
])('shows %j so that a terminal obeys nothing of it', (text, shown) => {
  expect(harmless(text)).toBe(shown)
})
