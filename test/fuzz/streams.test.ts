import fc from 'fast-check'
import { expect } from 'vitest'
import { agreeInPieces } from './agree.ts'
import { cutInto, cuts } from './cuts.ts'
import { answerTo } from './driven-session.ts'
import { fuzz, hex } from './fuzz.ts'
import { streams } from './streams.ts'

const show = ([stream, how, strictCrlf]: [Buffer, ...unknown[]]) =>
  `input (hex): ${hex(stream)}\ncuts: ${JSON.stringify(how)}\nstrict: ${strictCrlf}`

fuzz({
  title: 'any stream is read as the naive parser reads it',
  runs: 600,
  property: fc.property(streams, cuts, fc.boolean(), (stream, how, strictCrlf) => {
    agreeInPieces(cutInto(stream, how), stream, strictCrlf)
    agreeInPieces([stream], stream, strictCrlf)
  }),
  show,
})

fuzz({
  title: 'any bytes on the text wire are answered the same in all cuts',
  runs: 150,
  property: fc.property(streams, cuts, fc.boolean(), (stream, how, strictCrlf) => {
    const greeted = Buffer.concat([Buffer.from('HELLO\r\n\r\n'), stream])
    const whole = answerTo([greeted], { strictCrlf }).toString('latin1')
    expect(answerTo(cutInto(greeted, how), { strictCrlf }).toString('latin1')).toBe(whole)
    const replies = whole.split('\r\n\r\n')
    expect(replies.pop()).toBe('')
    // R4: what clients send never comes back raw, but for Ids; and R3: nothing stands behind a last reply.
    expect(whole).toMatch(/^[\r\n -~]*$/)
    expect(replies.slice(0, -1).filter((reply) => /^OK BYE|\r\nFatal: yes/.test(reply))).toEqual([])
  }),
  show,
})
