import type { Address } from '../../../src/server/address.ts'
import type { Tools } from './apart.ts'

/** Sends a message so often in one stream, and reads; resolves to the bytes that came, and how long it took. */
export function stream(
  { net, ready }: Tools,
  options: { readonly address: Address; readonly message: string; readonly times: number; readonly replyBytes: number },
): Promise<{ readonly bytes: number; readonly ms: number }> {
  return new Promise((resolve) => {
    const socket = net.connect(options.address)
    const block = Buffer.from(options.message.repeat(1000))
    let blocks = options.times / 1000
    let bytes = 0
    const since = performance.now()
    const write = () => {
      while (blocks-- > 0) if (!socket.write(block)) return void socket.once('drain', write)
    }
    socket.once('data', () => {
      ready()
      write()
    })
    socket.on('data', (chunk) => {
      bytes += chunk.length
      if (bytes < options.times * options.replyBytes) return
      socket.destroy()
      resolve({ bytes, ms: performance.now() - since })
    })
  })
}

/** Offers bytes without ever reading; ready when it could not go on for a while, or is through. */
export async function offer(
  { net, ready, stopped }: Tools,
  options: { readonly address: Address; readonly begin: string; readonly message: string; readonly bytes: number },
): Promise<{ readonly taken: number }> {
  const STUCK_MS = 500
  const socket = net.connect(options.address)
  socket.pause()
  socket.on('error', () => {})
  socket.write(options.begin)
  const block = Buffer.from(options.message.repeat(1000))
  for (let sent = 0; sent < options.bytes && !socket.destroyed; sent += block.length) {
    if (socket.write(block)) continue
    await new Promise<void>((resolve) => {
      const timer = setTimeout(ready, STUCK_MS)
      const goOn = () => {
        clearTimeout(timer)
        resolve()
      }
      socket.once('drain', goOn).once('close', goOn)
      void stopped.then(goOn).then(() => socket.destroy())
    })
  }
  ready()
  await stopped
  const taken = socket.bytesWritten - socket.writableLength
  socket.destroy()
  return { taken }
}

/** Connects so many, has each say something, and then a byte in every gap where there is one; how long each was there. */
export async function crowd(
  { net, ready, stopped }: Tools,
  options: { readonly address: Address; readonly count: number; readonly begin: string; readonly gapMs?: number },
): Promise<{ readonly livedMs: readonly number[] }> {
  const AT_ONCE = 100
  const livedMs: number[] = []
  const sockets: import('node:net').Socket[] = []
  const join = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect(options.address)
      sockets.push(socket)
      let received = ''
      let since = 0
      const wanted = options.begin === '' ? 'READY' : 'AUTH_OK'
      socket.on('data', (chunk) => {
        if (since > 0) return
        received += chunk.toString('latin1')
        if (!received.includes(wanted)) return
        since = performance.now()
        if (options.gapMs !== undefined) {
          const trickle = () => void (socket.writable && socket.write('x'))
          trickle()
          const timer = setInterval(trickle, options.gapMs)
          socket.once('close', () => clearInterval(timer))
        }
        resolve()
      })
      socket.once('end', () => livedMs.push(performance.now() - since))
      socket.once('error', reject)
      socket.write(options.begin)
    })
  for (let joined = 0; joined < options.count; joined += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, options.count - joined) }, join))
  }
  ready()
  if (options.gapMs === undefined) await stopped
  else await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  for (const socket of sockets) socket.destroy()
  return { livedMs }
}

/** Connects and closes, many at once, so often. */
export async function storm(
  { net }: Tools,
  options: { readonly address: Address; readonly count: number },
): Promise<{ readonly perSecond: number; readonly failed: number }> {
  const AT_ONCE = 50
  let failed = 0
  let left = options.count
  const since = performance.now()
  const work = async () => {
    while (left-- > 0) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(options.address)
        socket.once('connect', () => socket.end())
        socket.once('error', () => failed++)
        socket.once('close', () => resolve())
        socket.resume()
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { perSecond: (options.count / (performance.now() - since)) * 1000, failed }
}

/** Keeps places taken, from many addresses, and takes another for each that it loses, until it is told to stop. */
export async function strangers(
  { net, ready, stopped }: Tools,
  options: { readonly address: Address; readonly atOnce: number; readonly sources: number },
): Promise<{ readonly connections: number }> {
  const BREATH_MS = 5
  let connections = 0
  let isOver = false
  const sockets = new Set<import('node:net').Socket>()
  const take = (place: number) => {
    if (isOver) return
    const localAddress = `127.0.1.${1 + (place % options.sources)}`
    const socket = net.connect({ ...options.address, localAddress })
    sockets.add(socket)
    connections++
    socket.on('error', () => {})
    socket.resume()
    socket.once('end', () => socket.end())
    socket.once('close', () => {
      sockets.delete(socket)
      setTimeout(() => take(place), BREATH_MS)
    })
  }
  for (let place = 0; place < options.atOnce; place++) take(place)
  setTimeout(ready, 100)
  await stopped
  isOver = true
  for (const socket of sockets) socket.destroy()
  return { connections }
}
