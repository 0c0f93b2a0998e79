import { readReply, type WireReply } from '../../client/wire-reply.ts'
import { CR, LF } from '../../wire/characters.ts'
import { Failure } from '../../wire/failure.ts'
import { Message } from '../../wire/message.ts'
import { quoteText } from '../../wire/quote.ts'
import { Reader } from '../../wire/reader.ts'
import { lineCounter } from '../line-counter.ts'
import { describeMistake } from '../mistake.ts'
import { usageError } from '../options.ts'
import { isWatchLine, readWatchLine } from './watch-line.ts'

/** What a server has said, and the line of the file where it stands, counted from 1. */
export interface Told {
  readonly line: number
  readonly reply: WireReply
}

/** The line on which the input ends within a message or a line, if it does. */
export type CutOff = number | undefined

/** Enough of the input to hold its first line that is not blank. */
const OPENING_BYTES = 8192
const REPLY = /^(?:OK|ERR|EVENT)(?:[ \r]|$)/

/**
 * Reads what a server has said: the output half of a transcript, or what `skyline watch` has printed on a pipe. Which
 * of them it is, is told by its first line. Throws a usage error where it is neither.
 */
export function readTold(bytes: Uint8Array, name: string): Generator<Told, CutOff> {
  const opening = Buffer.from(bytes.subarray(0, OPENING_BYTES)).toString('utf8')
  const blank = /^(?:\r?\n)*/.exec(opening)?.[0] ?? ''
  const [first = ''] = opening.slice(blank.length).split('\n')
  if (first === '') throw usageError(`${name} is empty: wanted the output of a transcript, or of skyline watch`)
  if (REPLY.test(first)) return readMessages(bytes, name)
  if (isWatchLine(first)) return readLines(bytes, name)
  const line = blank.split('\n').length
  throw usageError(
    `${name}:${line}: wanted a server's OK, ERR or EVENT (a transcript's .out file), or a line of skyline watch, got ` +
      quoteText(first.replace(/\r$/, '')),
  )
}

function* readMessages(bytes: Uint8Array, name: string): Generator<Told, CutOff> {
  const reader = new Reader()
  const message = new Message()
  const lineAt = lineCounter(bytes)
  reader.push(bytes)
  let end = 0
  for (;;) {
    const verdict = reader.next(message)
    if (verdict === 'more') return reader.unfinished ? lineAt(textFrom(bytes, end)) : undefined
    // All came in one push, so that the places of a message are those of the file.
    const line = lineAt(verdict instanceof Failure ? textFrom(bytes, end) : message.commandStart)
    const failure = verdict instanceof Failure ? verdict : verdict === 'mistake' ? reader.mistake : undefined
    if (failure !== undefined) {
      throw usageError(`${name}:${line + (failure.parts.line ?? 1) - 1}: ${failure.code}: ${describeMistake(failure)}`)
    }
    const reply = readReply(message)
    if (reply === undefined) {
      const command = quoteText(message.text(message.commandStart, message.commandEnd))
      throw usageError(`${name}:${line}: a server's message begins with OK, ERR or EVENT, got ${command}`)
    }
    end = message.end
    yield { line, reply }
  }
}

function* readLines(bytes: Uint8Array, name: string): Generator<Told, CutOff> {
  const decoder = new TextDecoder()
  let start = 0
  for (let line = 1; start < bytes.length; line++) {
    const end = bytes.indexOf(LF, start)
    // What has no end may have lost a digit: whether all of it is there, nobody can tell.
    if (end < 0) return line
    const text = decoder.decode(bytes.subarray(start, end)).replace(/\r$/, '')
    start = end + 1
    if (text === '') continue
    const reply = readWatchLine(text)
    if (reply === undefined) {
      throw usageError(`${name}:${line}: wanted TIME NAME KEY=VALUE ... as of skyline watch, got ${quoteText(text)}`)
    }
    yield { line, reply }
  }
  return undefined
}

/** The first byte from a place on that is no line end. */
function textFrom(bytes: Uint8Array, at: number): number {
  const text = bytes.subarray(at).findIndex((byte) => byte !== LF && byte !== CR)
  return text < 0 ? bytes.length : at + text
}
