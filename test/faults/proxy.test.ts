import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { FaultProxy, type Route } from '../support/fault-proxy.ts'
import { Pilot } from '../support/pilot.ts'
import { until } from '../support/until.ts'

// What the proxy does is what the other tests here rest upon.

/** A client, the proxy, and a server that says back what it is told and keeps how it came. */
async function start(route: Route) {
  const reads: string[] = []
  const sockets: Socket[] = []
  const errors: string[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', (error: NodeJS.ErrnoException) => errors.push(String(error.code)))
    socket.on('data', (chunk) => {
      reads.push(chunk.toString('latin1'))
      socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const proxy = await FaultProxy.start({ port: (server.address() as { port: number }).port, route: () => route })
  const pilot = await Pilot.dial({ host: '127.0.0.1', port: proxy.port })
  return { pilot, proxy, reads, sockets, errors }
}

it('passes everything on, and FIN, where it is told to do nothing else', async () => {
  const { pilot, proxy, reads } = await start({})
  pilot.socket.end('a hundred '.repeat(10))
  expect(await pilot.ended).toBe('a hundred '.repeat(10))
  expect(reads.join('')).toBe('a hundred '.repeat(10))
  expect(String(proxy.connections[0]?.fromClient)).toBe('a hundred '.repeat(10))
  expect(String(proxy.connections[0]?.fromServer)).toBe('a hundred '.repeat(10))
})

it('slices into pieces, and loses nothing under all that only delays', async () => {
  const toxics = {
    slicer: { maxBytes: 3 },
    latency: { latencyMs: 1, jitterMs: 1 },
    bandwidth: { bytesPerMs: 100 },
    slowClose: { delayMs: 1 },
    fault: { kind: 'freeze', afterBytes: 50, delayMs: 1 },
  } as const
  const { pilot, reads } = await start({ upstream: toxics, downstream: toxics })
  pilot.socket.end('0123456789'.repeat(20))
  expect(await pilot.ended).toBe('0123456789'.repeat(20))
  expect(reads.length).toBeGreaterThan(20)
})

it.each(['limit_data', 'half_close'] as const)('passes on so many bytes and no more: %s', async (kind) => {
  const { pilot, reads, proxy, sockets } = await start({ upstream: { fault: { kind, afterBytes: 7 } } })
  pilot.send('0123456789')
  await pilot.ended
  await until(() => sockets[0]?.readableEnded === true)
  expect(reads.join('')).toBe('0123456')
  expect(proxy.connections[0]?.faults).toEqual([{ kind, afterBytes: 7 }])
})

it('lets what comes back go on after a half-close', async () => {
  const { pilot } = await start({ upstream: { fault: { kind: 'half_close', afterBytes: 7 } } })
  pilot.send('0123456789')
  expect(await pilot.ended).toBe('0123456')
})

it('resets on both sides', async () => {
  const early = await start({ upstream: { fault: { kind: 'reset_peer', afterBytes: 1 } } })
  early.pilot.send('0')
  await expect(early.pilot.ended).rejects.toMatchObject({ code: 'ECONNRESET' })
  const late = await start({ downstream: { fault: { kind: 'reset_peer', afterBytes: 3 } } })
  late.pilot.send('0123456789')
  await until(() => late.errors.length > 0)
  expect(late.errors).toEqual(['ECONNRESET'])
})

it('passes a reset on from either side', async () => {
  const { pilot, errors, sockets } = await start({})
  await pilot.ask('a', 'a')
  sockets[0]?.resetAndDestroy()
  await expect(pilot.ended).rejects.toMatchObject({ code: 'ECONNRESET' })
  const other = await start({})
  await other.pilot.ask('a', 'a')
  other.pilot.socket.resetAndDestroy()
  await until(() => other.errors.length > 0)
  expect([...errors, ...other.errors]).toEqual(['ECONNRESET'])
})

it('stalls in one direction, and closes when the time is up', async () => {
  const { pilot, reads } = await start({ downstream: { fault: { kind: 'timeout', afterBytes: 2, delayMs: 2 } } })
  pilot.send('0123456789')
  expect(await pilot.ended).toBe('01')
  expect(reads.join('')).toBe('0123456789')
})

it('holds everything while it is frozen, and then lets it go', async () => {
  const { pilot, proxy, reads } = await start({})
  await pilot.ask('a', 'a')
  proxy.freeze()
  pilot.send('b')
  await until(() => String(proxy.connections[0]?.fromClient) === 'ab')
  expect(reads).toEqual(['a'])
  proxy.unfreeze()
  await pilot.until('ab')
})
