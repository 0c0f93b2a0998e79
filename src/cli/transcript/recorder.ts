import { closeSync, openSync, writeFileSync } from 'node:fs'
import { Transform, type TransformCallback } from 'node:stream'
import { Reader } from '../../wire/reader.ts'
import { cannotBeWritten } from './transcript-files.ts'

/** A HELLO with an argument, or a line that begins with `Token`, well-formed or not. */
const SECRET = /^(?:hello[ \t]+\S|token\b)/im
/** Ends whatever message is unfinished. */
const BOUNDARY = Buffer.from('\n\n')
const PRIVATE_FILE_MODE = 0o600

/**
 * One direction of a connection, written to a file and passed on unchanged. It is written first and at once, so that
 * the file holds every byte that the other side can have seen, however the program ends.
 */
export class Recorder extends Transform {
  readonly file: string
  bytes = 0
  messages = 0
  readonly #fd: number
  readonly #reader = new Reader()
  #followed = true
  #holdsToken = false

  /** Throws a usage error where the file cannot be written. */
  constructor(file: string) {
    super()
    this.file = file
    try {
      // It may come to hold a token.
      this.#fd = openSync(file, 'w', PRIVATE_FILE_MODE)
    } catch (error) {
      throw cannotBeWritten(file, error)
    }
  }

  /** Closes the file, and tells whether a token is in it. */
  close(): { readonly holdsToken: boolean } {
    closeSync(this.#fd)
    const { messages } = this
    this.#look(BOUNDARY)
    this.messages = messages
    return { holdsToken: this.#holdsToken }
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      writeFileSync(this.#fd, chunk)
    } catch (error) {
      return done(cannotBeWritten(this.file, error))
    }
    this.bytes += chunk.length
    this.#look(chunk)
    done(null, chunk)
  }

  #look(chunk: Uint8Array): void {
    if (!this.#followed) return
    const reader = this.#reader
    reader.push(chunk)
    let verdict = reader.find()
    for (; verdict === 'message'; verdict = reader.find()) {
      this.messages++
      this.#holdsToken ||= SECRET.test(Buffer.from(reader.bytes.subarray(reader.start, reader.end)).toString('latin1'))
    }
    this.#followed = verdict === 'more'
  }
}
