import { setTimeout as pause } from 'node:timers/promises'
import type { Check, Finding, Target } from './check.ts'
import { Connection, type End } from './connection.ts'
import { matches, type Reply, readReplies, showReply } from './reply.ts'

/** What is sent, and the reply that it wants; both are data for `encode` and `matches`. */
export type Turn = readonly [message: string, wanted: string]

export interface Dialogue {
  /** Each message without its boundary. */
  readonly turns: readonly Turn[]
  /** What follows the turns, with no boundary behind it. */
  readonly rest?: Turn
  /** All of it is sent at once; else each message waits for the reply to the one before it. */
  readonly atOnce?: true
  /** Our half ends behind that. */
  readonly fin?: true
  /** The ends of its lines, one after the other, over and over. */
  readonly lineEnds?: readonly string[]
  /** How its bytes are cut, to be sent piece by piece whatever comes back. */
  readonly cut?: (bytes: Buffer) => readonly Uint8Array[]
}

/** What came of a dialogue. */
export interface Transcript {
  readonly received: string
  readonly replies: readonly Reply[]
  readonly end: End
}

/** Opens a session, with the token where there is one. */
export const HELLO: Turn = ['HELLO\nToken: [token]', 'OK AUTH_OK']
/** A harmless message, good in every state. */
export const PONG: Turn = ['PING', 'OK PONG']
/** Many of them, told apart by their Ids. */
export const pings = (count: number): readonly Turn[] =>
  Array.from({ length: count }, (_, index) => [`PING\nId: p${index}`, `OK PONG; Id: p${index}`])
/** Wanted where the server is to end the connection, in order. */
export const END = 'the end of the connection'
/** Wanted where the server is to leave, one way or the other. */
export const LEFT = 'no reply, and the connection closed'

/** By it the last message of a dialogue is known that has no end of its own, and so that all of it was answered. */
const LAST_ID = 'probe-last'
const LAST: Turn = [`PING\nId: ${LAST_ID}`, 'OK PONG']
const FIN: Turn = ['(FIN)', END]
const NO_MORE: Turn = ['(nothing more)', END]

/** So long a piece has for its way before the next one follows, in milliseconds: together they might be one read. */
const PIECE_PAUSE_MS = 1

/** A check that holds where a server says its part in each of some dialogues. */
export const check = (clause: string, name: string, ...dialogues: readonly Dialogue[]): Check => ({
  clause,
  name,
  run: async (target) => {
    for (const dialogue of dialogues) {
      const finding = await converse(target, dialogue)
      if (finding !== undefined) return finding
    }
    return undefined
  },
})

/** The same where there is only one, of these turns. */
export const say = (clause: string, name: string, ...turns: readonly Turn[]): Check => check(clause, name, { turns })

/** Has a dialogue with a server, and resolves to where the server first fell out of its part. */
export async function converse(target: Target, dialogue: Dialogue): Promise<Finding | undefined> {
  const { replies, end } = await exchange(target, dialogue)
  const came = replies.slice(1)
  for (const [index, [message, wanted]] of script(dialogue).entries()) {
    const reply = came[index]
    if (reply === undefined ? isEnd(wanted, end) : matches(wanted, reply)) continue
    return { sent: message, wanted, came: reply === undefined ? describeEnd(end, target) : showReply(reply) }
  }
  return undefined
}

/** The commands that a server lists in HELP, and what else it says there. */
export async function listedBy(target: Target): Promise<readonly string[]> {
  const { replies } = await exchange(target, { turns: [['HELP', 'OK HELP']] })
  return replies[1]?.headers.map(([key]) => key) ?? []
}

/** Sends a dialogue, and resolves to what comes until all is answered, the server ends, or its time is over. */
export async function exchange(target: Target, dialogue: Dialogue): Promise<Transcript> {
  const connection = await Connection.open(target)
  const transcript = (): Transcript => {
    const { received, end } = connection
    return { received, replies: readReplies(received), end }
  }
  try {
    const { atOnce, cut, fin } = dialogue
    const messages = encode(dialogue, target)
    const pieces = cut?.(Buffer.concat(messages)) ?? (atOnce === true ? [Buffer.concat(messages)] : messages)
    for (const [index, piece] of pieces.entries()) {
      // The greeting is the reply to the connection.
      if (cut !== undefined) await pause(PIECE_PAUSE_MS)
      else if (!(await connection.until(() => transcript().replies.length > index, target.timeoutMs)))
        return transcript()
      if (connection.end !== 'open') break
      connection.write(piece)
    }
    if (fin === true) connection.finish()
    const turns = script(dialogue)
    // Where the server is to end, only that will do, or an answer that it does not.
    const enough = isReply(turns.at(-1)?.[1] ?? '') ? turns.length + 1 : Number.POSITIVE_INFINITY
    const isDone = () => {
      const { replies } = transcript()
      return replies.length >= enough || replies.at(-1)?.headers.some(([, value]) => value === LAST_ID) === true
    }
    await connection.until(isDone, target.timeoutMs)
    return transcript()
  } finally {
    connection.destroy()
  }
}

/** All turns, with those that follow from how the dialogue ends. */
function script({ turns, rest, atOnce, fin }: Dialogue): readonly Turn[] {
  const said = rest === undefined ? turns : [...turns, rest]
  const wanted = said.at(-1)?.[1] ?? ''
  if (wanted === END || wanted === LEFT) return said
  if (fin === true) return [...said, FIN]
  if (!/Fatal: yes|^OK BYE/.test(wanted)) return [...said, LAST]
  return [...said, atOnce === true ? [LAST[0], END] : NO_MORE]
}

/** The bytes of each message that is sent. */
function encode(dialogue: Dialogue, { token }: Target): readonly Buffer[] {
  const { turns, rest, atOnce, fin, lineEnds = ['\r\n'] } = dialogue
  const goesOn = rest === undefined && fin === undefined && (atOnce === true || script(dialogue).at(-1) === LAST)
  const messages = [...turns, ...(goesOn ? [LAST] : [])].map(([message]) => `${message}\n\n`)
  let line = 0
  return [...messages, ...(rest === undefined ? [] : [rest[0]])].map((message) => {
    const known =
      token === undefined ? message.replace('\nToken: [token]', '') : message.replace('[token]', () => token)
    return Buffer.from(
      known.replaceAll('\n', () => lineEnds[line++ % lineEnds.length] as string),
      'latin1',
    )
  })
}

/** Whether a text stands for a reply, rather than for an end. */
export const isReply = (wanted: string): boolean => /^(?:OK|ERR)\b/.test(wanted)

const isEnd = (wanted: string, end: End): boolean =>
  (wanted === END && end === 'FIN') || (wanted === LEFT && (end === 'FIN' || end === 'reset'))

/** What came where no reply did. */
export function describeEnd(end: End, { timeoutMs }: Target): string {
  switch (end) {
    case 'open':
      return `nothing for ${timeoutMs} ms`
    case 'FIN':
      return END
    case 'reset':
      return 'a reset of the connection'
    case 'flood':
      return 'more and more, without end'
    default:
      return end satisfies never
  }
}
