import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cuttings } from '../support/cuttings.ts'
import { naiveOutcomes } from '../support/naive-parser.ts'
import { outcomes } from '../support/outcomes.ts'
import { agree } from './agree.ts'
import { answerTo } from './driven-session.ts'

const CORPUS = new URL('../../fixtures/corpus/', import.meta.url)
const files = readdirSync(CORPUS).map((name) => ({ name, bytes: readFileSync(new URL(name, CORPUS)) }))

const strictnesses = [{ strictCrlf: false }, { strictCrlf: true }]

describe.each(files)('fixtures/corpus/$name', ({ bytes }) => {
  it.each(strictnesses)('is read as the naive parser reads it, in every chunking: %j', ({ strictCrlf }) => {
    agree(outcomes(bytes, { strictCrlf }), bytes, strictCrlf)
  })

  it('is answered the same in every cutting, on each wire', () => {
    for (const wire of ['text', 'framed', 'versioned'] as const) {
      const whole = answerTo([bytes], { wire }).toString('hex')
      for (const { name, chunks } of cuttings(bytes))
        expect(answerTo(chunks, { wire }).toString('hex'), name).toBe(whole)
    }
  })
})

it('the corpus comes to every outcome that a stream can have', () => {
  const found = files.flatMap(({ bytes }) =>
    strictnesses.flatMap(({ strictCrlf }) => naiveOutcomes(bytes.toString('latin1'), strictCrlf)),
  )
  const kinds = new Set(
    found.map((outcome) => ('message' in outcome ? 'message' : `${outcome.codes.join('|')} ${outcome.fatal}`)),
  )
  const fatal = ['INVALID_UTF8', 'MESSAGE_TOO_BIG', 'BARE_LF', 'INCOMPLETE', 'PARSE', 'PARSE|INVALID_UTF8']
  const soft = ['PARSE', 'DUPLICATE_HEADER', 'TOO_MANY_HEADERS']
  const expected = ['message', ...fatal.map((code) => `${code} true`), ...soft.map((code) => `${code} false`)]
  expect([...kinds].toSorted()).toEqual(expected.toSorted())
})
