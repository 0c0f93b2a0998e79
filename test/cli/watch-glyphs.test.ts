import { expect, it } from 'vitest'
import { cellsOf, fitLine, glyphsOf } from '../../src/cli/watch/glyphs.ts'

const shown = (text: string, unicode = true) => [...glyphsOf(text, unicode)].map((glyph) => glyph.text).join('')

it.each([
  ['plain', 5],
  ['héllo', 5],
  ['e\u0301', 1],
  ['x\u0301\u0302', 3],
  ['世界', 4],
  ['한글', 4],
  ['👩‍👩‍👧', 6],
  ['☀\ufe0f', 2],
  ['┌⠿○↗', 4],
  ['สวัสดี', 6],
])('holds that %j takes at most %d cells', (text, cells) => {
  expect(cellsOf(text)).toBe(cells)
})

it.each([
  ['\x1b[2Jx', '?[2Jx'],
  ['\x9b2J', '?2J'],
  ['a\tb\nc\rd\x7f', 'a b?c?d?'],
  ['\u202eabc\u2066', 'abc'],
  ['a\u200b\u200d\ufeff\u00adb', 'ab'],
  ['\u2028\u2029\ud800', '???'],
  ['\u0301\u0302a\u0327', 'a\u0327'],
  ['\u200b\u0301a', 'a'],
])('makes %j harmless', (text, harmless) => {
  expect(shown(text)).toBe(harmless)
})

it('has only ASCII where nothing else can be shown', () => {
  expect(shown('héllo 世界\x1b', false)).toBe('h?llo ???')
})

it('cuts a line at a number of columns, and ends its colours', () => {
  expect(fitLine('\x1b[31mab世c\x1b[m', 3)).toEqual({ text: '\x1b[31mab\x1b[m', cells: 2 })
  expect(fitLine('abc', 3)).toEqual({ text: 'abc', cells: 3 })
})
