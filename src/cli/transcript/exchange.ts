import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cutPieces } from './cut-messages.ts'

/**
 * Sends bytes exactly, then FIN, as `nc -N` does, and gives the messages that come, to the end. Returns why that may not
 * be all.
 */
export async function* exchange(socket: Socket, input: Buffer): AsyncGenerator<Buffer, Error | undefined> {
  // What cannot be sent because the server has ended already is no loss: the reading tells how it ended.
  pipeline(Readable.from(input), socket).catch(() => {})
  try {
    yield* cutPieces(socket)
    return undefined
  } catch (failure) {
    return failure as Error
  }
}
