import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { cutInto, cuts } from './cuts.ts'
import { answerTo } from './driven-session.ts'
import { FRAMED_TOKEN, framedStreams, versioned, versionedStreams } from './frames.ts'
import { fuzz, hex } from './fuzz.ts'
import { messages } from './messages.ts'
import { naiveFramed } from './naive-framed.ts'

const RUNS = 300
const MAX_CONTENT_BYTES = 8188
const FRAMED_HEADER_BYTES = 4
const VERSIONED_HEADER_BYTES = 3

const show = ([stream, how, more]: readonly [Buffer, ...unknown[]]) =>
  `input (hex): ${hex(stream)}\ncuts: ${JSON.stringify(how)}\nmore: ${JSON.stringify(more)}`

/** The answers of the framed wire. */
function framedAnswers(bytes: Buffer): { readonly first: number | undefined; readonly text: string }[] {
  const answers = []
  for (let rest = bytes; rest.length > 0; ) {
    const end = FRAMED_HEADER_BYTES + rest.readUInt32LE(0)
    expect(rest.length).toBeGreaterThanOrEqual(end)
    answers.push({ first: rest[FRAMED_HEADER_BYTES], text: rest.toString('utf8', FRAMED_HEADER_BYTES + 1, end) })
    rest = rest.subarray(end)
  }
  return answers
}

/** The answers of the versioned wire, as the text wire has them. */
function versionedAnswers(bytes: Buffer): string[] {
  const answers = []
  for (let rest = bytes; rest.length > 0; ) {
    const end = VERSIONED_HEADER_BYTES + rest.readUInt16BE(1)
    expect(rest[0]).toBe(1)
    expect(rest.length).toBeGreaterThanOrEqual(end)
    answers.push(rest.toString('latin1', VERSIONED_HEADER_BYTES, end))
    rest = rest.subarray(end)
  }
  return answers
}

const isLast = (reply: string) => /^OK BYE|\r\nFatal: yes/.test(reply)

fuzz({
  title: 'any frames on the framed wire are answered as told',
  runs: RUNS,
  property: fc.property(framedStreams, cuts, fc.boolean(), (stream, how, hasToken) => {
    const token = hasToken ? FRAMED_TOKEN : undefined
    const options = { wire: 'framed', token } as const
    const whole = answerTo([stream], options)
    expect(hex(answerTo(cutInto(stream, how), options))).toBe(hex(whole))
    const answers = framedAnswers(whole)
    const words = answers.map(({ first, text }) => (first === 0 ? text : text.split(':', 1)[0]))
    const expected = naiveFramed(stream, token)
    expect(words).toEqual(expected.map((choices, index) => choices.find((word) => word === words[index]) ?? choices[0]))
    for (const { first, text } of answers)
      expect(first).toBe(/^(AUTH_OK|MOVING_TO\(|COLOR_CHANGED\(|WRITTEN|BYE)/.test(text) ? 0 : 1)
  }),
  show,
})

describe('the versioned wire', () => {
  /** Messages that frames and text can hold alike. */
  const content = messages(true)
    .map(({ text }) => Buffer.from(text.replace(/(\r?\n)+$/, ''), 'latin1'))
    .filter((bytes) => bytes.length <= MAX_CONTENT_BYTES && !/\n\r?\n|^[\r\n]|[\r\n]$/.test(bytes.toString('latin1')))

  fuzz({
    title: 'any frames on the versioned wire are answered the same in all cuts',
    runs: RUNS,
    property: fc.property(versionedStreams(content), cuts, (stream, how) => {
      const whole = answerTo([stream], { wire: 'versioned' })
      expect(hex(answerTo(cutInto(stream, how), { wire: 'versioned' }))).toBe(hex(whole))
      const answers = versionedAnswers(whole)
      for (const answer of answers) expect(answer).toMatch(/^(OK|ERR) [^\r\n]*(\r\n[A-Za-z][\w-]*: [^\r\n]*)*$/)
      expect(answers.slice(0, -1).filter(isLast)).toEqual([])
    }),
    show,
  })

  fuzz({
    title: 'any messages on the versioned wire are answered as on the text wire',
    runs: RUNS,
    property: fc.property(fc.array(content, { maxLength: 24 }), cuts, fc.boolean(), (contents, how, hasToken) => {
      const token = hasToken ? FRAMED_TOKEN : undefined
      const text = Buffer.concat(contents.flatMap((bytes) => [bytes, Buffer.from('\r\n\r\n')]))
      const expected = answerTo([text], { token }).toString('latin1').split('\r\n\r\n').slice(0, -1)
      const frames = cutInto(Buffer.concat(contents.map((bytes) => versioned(bytes))), how)
      expect(versionedAnswers(answerTo(frames, { wire: 'versioned', token }))).toEqual(expected)
    }),
    show: ([contents, how, hasToken]) =>
      `contents (hex): ${contents.map(hex).join(' ')}\ncuts: ${JSON.stringify(how)}\ntoken: ${hasToken}`,
  })
})
