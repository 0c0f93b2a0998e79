import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

export interface MoversOptions {
  readonly address: Address
  readonly count: number
  /** So many messages of each are always unanswered. */
  readonly ahead: number
  readonly message: string
}

/** Connects so many that send a message over and over, each with so many unanswered, until it is told to stop. */
export async function movers({ net, ready, stopped }: Tools, { address, count, ahead, message }: MoversOptions) {
  const END = Buffer.from('\r\n\r\n')
  const NOTHING = Buffer.alloc(0)
  let answered = 0
  const sockets: import('node:net').Socket[] = []
  const join = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect({ ...address, noDelay: true })
      sockets.push(socket)
      let rest = NOTHING
      // The greeting, and the answer to HELLO.
      let unanswered = 2
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        const bytes = Buffer.concat([rest, chunk])
        let start = 0
        let ended = 0
        for (let at = bytes.indexOf(END); at >= 0; at = bytes.indexOf(END, start)) {
          start = at + END.length
          ended++
        }
        rest = bytes.subarray(start)
        unanswered -= ended
        answered += ended
        if (ended === 0 || unanswered > ahead) return
        socket.write(message.repeat(ahead - unanswered), 'latin1')
        unanswered = ahead
        resolve()
      })
      socket.write('HELLO\n\n')
    })
  await Promise.all(Array.from({ length: count }, join))
  ready()
  const since = performance.now()
  answered = 0
  await stopped
  const perSecond = (answered / (performance.now() - since)) * 1000
  for (const socket of sockets)
    socket
      .removeAllListeners('error')
      .on('error', () => {})
      .destroy()
  return { perSecond }
}
