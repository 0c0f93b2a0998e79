import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

export interface AudienceOptions {
  readonly address: Address
  readonly count: number
  /** What each of them subscribes to. */
  readonly say: string
}

/** Subscribers that read all they get, until it is told to stop: how far apart events came, and how many. */
export async function audience({ net, ready, stopped }: Tools, { address, count, say }: AudienceOptions) {
  const AT_ONCE = 100
  const START = Buffer.from('EVENT ')
  const sockets: import('node:net').Socket[] = []
  const gapsMs: number[] = []
  let events = 0
  let lost = 0
  let isOver = false
  const join = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect({ ...address, noDelay: true })
      sockets.push(socket)
      let received = ''
      let lastMs = 0
      socket.on('error', reject)
      socket.on('close', () => {
        if (!isOver) lost++
      })
      socket.on('data', (chunk) => {
        if (received !== 'all') {
          received += chunk.toString('latin1')
          if (!received.includes('SUBSCRIBED')) return
          received = 'all'
          resolve()
        }
        const nowMs = performance.now()
        // The first word of an event that is cut in two within it is not counted: next to none are.
        for (let at = chunk.indexOf(START); at >= 0; at = chunk.indexOf(START, at + 1)) {
          events++
          if (lastMs > 0) gapsMs.push(nowMs - lastMs)
          lastMs = nowMs
        }
      })
      socket.write(`HELLO\n\n${say}`)
    })
  for (let joined = 0; joined < count; joined += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - joined) }, join))
  }
  gapsMs.length = 0
  events = 0
  ready()
  await stopped
  isOver = true
  for (const socket of sockets)
    socket
      .removeAllListeners('error')
      .on('error', () => {})
      .destroy()
  const sorted = Float64Array.from(gapsMs).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { events, lost, p50: at(0.5), p99: at(0.99), worst: at(1) }
}

export interface DeafOptions {
  readonly address: Address
  readonly count: number
  readonly say: string
}

/**
 * Subscribers that stop to read, and have so much answered before that, that what the system keeps for them is full.
 * When it is told to stop they read again: what came then, whole, of each that was not cut.
 */
export async function deaf({ net, ready, stopped }: Tools, { address, count, say }: DeafOptions) {
  const FULL_MS = 300
  const HELPS = 20_000
  const LAST = 'OK PONG\r\nId: last'
  const told: string[] = []
  let cut = 0
  const resumed: Promise<void>[] = []
  const join = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect({ ...address, noDelay: true })
      let received = ''
      socket.on('error', () => {})
      socket.once('close', reject)
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
        if (socket.isPaused() || !received.includes('OK PONG\r\n\r\n')) return
        socket.pause()
        socket.write('HELP\n\n'.repeat(HELPS))
        setTimeout(resolve, FULL_MS)
      })
      resumed.push(
        stopped.then(
          () =>
            new Promise((over) => {
              received = ''
              socket.once('close', () => {
                cut++
                over()
              })
              socket.removeAllListeners('data')
              socket.on('data', (chunk) => {
                received += chunk.toString('latin1')
                const messages = received.split('\r\n\r\n')
                received = messages.pop() ?? ''
                told.push(...messages.filter((message) => message.startsWith('EVENT')))
                if (!messages.includes(LAST)) return
                socket.removeAllListeners('close').destroy()
                over()
              })
              socket.write('PING\nId: last\n\n')
              socket.resume()
              if (socket.destroyed) {
                cut++
                over()
              }
            }),
        ),
      )
      socket.write(`HELLO\n\n${say}PING\n\n`)
    })
  await Promise.all(Array.from({ length: count }, join))
  ready()
  await Promise.all(resumed)
  const dropped = told.map((event) => Number(/\r\nDropped: (\d+)/.exec(event)?.[1] ?? 0))
  return { cut, events: told.length, dropped: dropped.filter((n) => n > 0) }
}
