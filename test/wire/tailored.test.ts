import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builder, builderOf, reader, readerOf } from '../../src/wire/tailored.ts'

const name = fc.oneof(
  fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,20}$/),
  // Nothing in a name is ever code, whatever the tables may let in one day.
  fc.constantFrom("'", '"', '`', '\\', '\n', '\u2028', '"]; throw 1 //', '0', 'constructor', 'return'),
)
const value = fc.oneof(fc.integer(), fc.string(), fc.constant(undefined))
const byDefault = fc.oneof(fc.integer(), fc.constant(undefined))
const named = fc
  .uniqueArray(name, { maxLength: 30 })
  .chain((names) => fc.tuple(fc.constant(names), fc.array(value, { minLength: names.length, maxLength: names.length })))

describe('Code that is written for some names', () => {
  it('reads what stands under them as the general way does', () => {
    fc.assert(
      fc.property(named, fc.integer({ min: 0, max: 5 }), ([names, values], others) => {
        const from = Object.fromEntries(names.slice(others).map((each, place) => [each, values[place]]))
        const tailored: unknown[] = []
        const general: unknown[] = []
        reader(names)(from, tailored)
        readerOf(names)(from, general)
        expect(tailored).toEqual(general)
      }),
    )
  })

  it('makes objects as the general way does, and as JSON would', () => {
    fc.assert(
      fc.property(named, fc.array(byDefault), fc.nat(2 ** 30 - 1), ([names, values], defaults, present) => {
        const made = builder(names, defaults)(values, present)
        expect(made).toStrictEqual(builderOf(names, defaults)(values, present))
        const entries = names.map((each, i) => [each, (present >> i) % 2 === 1 ? values[i] : defaults[i]])
        expect(JSON.stringify(made)).toBe(JSON.stringify(Object.fromEntries(entries)))
      }),
    )
  })

  it('is done without where a program forbids it', () => {
    const script = `
      import { builder, reader } from ${JSON.stringify(new URL('../../dist/wire/tailored.js', import.meta.url).href)}
      const into = []
      reader(['x', 'y'])({ y: 2 }, into)
      console.log(JSON.stringify([builder(['x', 'y'], [])([1, 2], 3), into]))`
    const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script]
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe('[{"x":1,"y":2},[null,2]]\n')
  })
})
