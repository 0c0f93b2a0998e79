import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf, hashStep, Names, sameName } from '../../src/wire/names.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const same = (a: string, b: string) => {
  const bytes = bytesOf(a)
  return sameName(bytes, 0, bytes.length, bytesOf(b))
}

/** What the objects of the language inherit, and so a trap for any table that is one. */
const INHERITED = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'name', 'length']

describe('Names', () => {
  it.each(['MOVE', 'move', 'Move', 'mOvE'])('finds %s without case (section 3)', (text) => {
    const names = new Names([
      ['Move', 1],
      ['Moved', 2],
    ])
    expect(names.get(text)).toBe(1)
  })

  it.each([
    ['K', '\u212a', 'the Kelvin sign'],
    ['s', '\u017f', 'the long s'],
    ['I', '\u0131', 'the dotless i'],
    ['i', '\u0130', 'the dotted I'],
    ['A', '\uff21', 'the full-width A'],
  ])('does not take for %s the letter %s, %s (section 3: ASCII only)', (name, text) => {
    expect(new Names([[name, true]]).get(text)).toBeUndefined()
    expect(same(text, name)).toBe(false)
  })

  it.each(['0p', '0P', '-M', '-m', '_?', 'Z:', 'z:', '-_', '9Y', '_\x7f', 'a!'])(
    'keeps the two characters of %j apart, which differ in few bits',
    ([one = '', other = '']) => expect(new Names([[`X${one}`, 1]]).get(`X${other}`)).toBeUndefined(),
  )

  it.each(INHERITED)('knows no %s unless it was told of it (G3)', (name) => {
    expect(new Names([['Move', 1]]).get(name)).toBeUndefined()
    // Of those that begin with an underscore the grammar makes no names.
    expect(new Names([[name, 1]]).get(name)).toBe(name.startsWith('_') ? undefined : 1)
  })

  it.each(['', 'Mov', 'Movee', 'Move ', ' Move'])('does not find %j for Move', (text) => {
    expect(new Names([['Move', 1]]).get(text)).toBeUndefined()
  })

  it('refuses a name that stands twice without case', () => {
    expect(
      () =>
        new Names([
          ['Move', 1],
          ['MOVE', 2],
        ]),
    ).toThrow(TypeError)
  })

  it('keeps names apart that have one hash', () => {
    // The first and the fifth byte come into the same bits.
    const [one, other] = ['abcde', 'ebcda']
    const hash = (text: string) => bytesOf(text).reduce(hashStep, 0)
    expect(hash(one)).toBe(hash(other))
    const names = new Names([[one, 1]])
    expect(names.get(other)).toBeUndefined()
    const both = new Names([
      [one, 1],
      [other, 2],
    ])
    expect([both.get(one), both.get(other)]).toEqual([1, 2])
  })

  it('takes short names for one only if they are: their hash alone tells', () => {
    const short = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,3}$/)
    const hash = (text: string) => hashOf(bytesOf(text))
    fc.assert(
      fc.property(short, short, (one, other) => {
        expect(hash(one) === hash(other)).toBe(one.toLowerCase() === other.toLowerCase())
      }),
      { numRuns: 2000 },
    )
  })

  it('finds all of many names, and none that it was not told of', () => {
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_-]{0,8}$/)
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.array(name), (known, asked) => {
        const names = new Names(known.map((text, index) => [text, index]))
        const index = (text: string) => (known.includes(text) ? known.indexOf(text) : undefined)
        for (const text of [...known, ...asked]) expect(names.get(text.toLowerCase())).toBe(index(text))
      }),
    )
  })

  it('finds a name in the midst of other bytes', () => {
    const bytes = bytesOf('xx mOvE yy')
    const names = new Names([['Move', 1]])
    expect(names.find(bytes, 3, 7, hashOf(bytesOf('move')))).toBe(1)
    expect(names.find(bytes, 3, 6, hashOf(bytesOf('mov')))).toBeUndefined()
  })
})
