import { expect } from 'vitest'
import type { Address } from '../../../src/server/address.ts'
import { pieces } from '../../support/chunkings.ts'
import { talk } from '../../support/talk.ts'
import type { Row } from '../item.ts'

/** What stands behind each input: whether it is still answered tells whether the session went on. */
const AFTER = 'PING\r\nId: after\r\n\r\n'
const ANSWER_AFTER = 'OK PONG\r\nId: after'
const NOTHING_RAN = 'nothing that followed was run'

/** A text as its bytes in UTF-8, a character for each. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

/** The replies in what a server has sent. */
export function repliesIn(text: string): readonly string[] {
  const replies = text.split('\r\n\r\n')
  expect(replies.pop()).toBe('')
  return replies
}

/** Where `say` stands before an input, and how many replies it takes. */
export interface Opening {
  readonly say: string
  readonly replies: number
}
export const GREETED: Opening = { say: 'HELLO\r\n\r\n', replies: 2 }
export const STRANGE: Opening = { say: '', replies: 1 }

/**
 * What a server makes of an input, given with a character for each byte: `OK`, `soft PARSE`, `fatal PARSE`, `nothing`
 * (it stands between messages), `silent` (nothing is said any more); and anything else in full. It is sent whole and
 * byte by byte, and must come to the same (F5). That the end was a FIN is seen to as well: a reset rejects.
 */
export async function judge(address: Address, input: string, { say, replies }: Opening = GREETED): Promise<string> {
  const bytes = Buffer.from(say + input + AFTER, 'latin1')
  const whole = (await talk(address, [bytes])).toString('latin1')
  const single = (await talk(address, pieces(bytes, 1))).toString('latin1')
  expect(single).toBe(whole)
  const told = repliesIn(whole).slice(replies)
  const goesOn = told.at(-1) === ANSWER_AFTER
  const [reply, ...more] = goesOn ? told.slice(0, -1) : told
  if (reply === undefined) return goesOn ? 'nothing' : 'silent'
  const [, code, fatal] = /^ERR (\S+)\r\nReason: [^\r]+\r\nFatal: (yes|no)\r\n/.exec(`${reply}\r\n`) ?? []
  if (more.length > 0) return whole
  if (goesOn && reply.startsWith('OK ')) return 'OK'
  if (goesOn && fatal === 'no') return `soft ${code}`
  return !goesOn && fatal === 'yes' && reply.endsWith(NOTHING_RAN) ? `fatal ${code}` : whole
}

/** Judges inputs, each in a session of its own, and says so in the row. */
export async function judgeAll(
  row: Row,
  address: Address,
  wanted: Readonly<Record<string, readonly string[]>>,
  opening?: Opening,
): Promise<void> {
  let count = 0
  for (const [verdict, inputs] of Object.entries(wanted)) {
    for (const input of inputs) {
      expect({ input, verdict: await judge(address, input, opening) }).toEqual({ input, verdict })
      count++
    }
  }
  row.figure = `${count} inputs, whole and byte by byte`
  row.limit = Object.keys(wanted).join(', ')
}
