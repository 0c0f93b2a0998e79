import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What a server answered, and why that may not be all. */
export interface Answer {
  readonly bytes: Buffer
  readonly failure?: Error
}

/** Sends bytes exactly, then FIN, as `nc -N` does, and reads to the end. */
export async function exchange(socket: Socket, input: Buffer): Promise<Answer> {
  const chunks: Buffer[] = []
  // What cannot be sent because the server has ended already is no loss: the reading tells how it ended.
  pipeline(Readable.from(input), socket).catch(() => {})
  try {
    for await (const chunk of socket) chunks.push(chunk)
    return { bytes: Buffer.concat(chunks) }
  } catch (failure) {
    return { bytes: Buffer.concat(chunks), failure: failure as Error }
  }
}
