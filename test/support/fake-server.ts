import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { until } from './until.ts'

const GREETING = 'OK READY\r\nProtocol: 1\r\n\r\n'

/** What a server that a test plays by hand sees and does. */
export interface FakeServer {
  readonly port: number
  /** The connections so far. */
  readonly sockets: readonly Socket[]
  /** All that came over the last connection. */
  readonly received: string
  /** Says something over the last connection. */
  say(text: string): void
  /** Says nothing to those who come from now on, or greets them again. */
  mute(isMute?: boolean): void
  /** Resolves when a text has come over the last connection. */
  hears(text: string): Promise<void>
}

/** A server that greets, answers HELLO unless it is told otherwise, and leaves everything else to the test. */
export async function fakeServer({ greeting = GREETING, welcomes = true } = {}): Promise<FakeServer> {
  const sockets: Socket[] = []
  let received = ''
  let isSilent = false
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket)
    received = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const isFirst = received === ''
      received += chunk.toString('latin1')
      if (isFirst && welcomes) socket.write(`OK AUTH_OK\r\nProtocol: 1\r\nId: ${idOf(received)}\r\n\r\n`)
    })
    if (!isSilent) socket.write(Buffer.from(greeting, 'latin1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    port: (server.address() as { port: number }).port,
    sockets,
    get received() {
      return received
    },
    mute: (isMute = true) => {
      isSilent = isMute
    },
    say: (text) => void sockets.at(-1)?.write(Buffer.from(text, 'latin1')),
    hears: (text) => until(() => received.includes(text)),
  }
}

/** The last Id of what was received. */
export const idOf = (received: string): string => [...received.matchAll(/\r\nId: (\S+)/g)].at(-1)?.[1] ?? ''
