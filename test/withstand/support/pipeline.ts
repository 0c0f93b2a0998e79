import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

export interface PipelineOptions {
  readonly address: Address
  readonly count: number
}

/** Connects, and once it is told to sends so many PINGs in one write; how many were answered in their order, and what came beside. */
export async function pipeline({ net, stopped }: Tools, { address, count }: PipelineOptions) {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const script = Buffer.from(numbers.map((index) => `PING\r\nId: ${index}\r\n\r\n`).join(''))
  const socket = net.connect({ ...address, noDelay: true, allowHalfOpen: true })
  const found = { inOrder: 0, others: -1 }
  let rest = ''
  socket.on('data', (chunk) => {
    const replies = (rest + chunk.toString('latin1')).split('\r\n\r\n')
    rest = replies.pop() ?? ''
    for (const reply of replies) {
      if (reply === `OK PONG\r\nId: ${found.inOrder}`) found.inOrder++
      // The first of them is the greeting.
      else found.others++
    }
  })
  await stopped
  socket.end(script)
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject))
  return found
}
