import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { dial } from '../support/talk.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

/** What a server may hold for one client, in bytes, in its queues in either direction. */
const BOUND_BYTES = 512 * 1024

const queued = ({ writableLength, readableLength }: Socket): number => writableLength + readableLength

/** Counts how often a reply comes in a row, chunk by chunk, without keeping what came. */
class Counter {
  readonly #reply: Buffer
  readonly #pattern: Buffer
  bytes = 0
  isPure = true

  constructor(reply: Buffer) {
    this.#reply = reply
    this.#pattern = Buffer.alloc(reply.length * Math.ceil((256 * 1024) / reply.length + 1), reply)
  }

  take(chunk: Buffer): void {
    const from = this.bytes % this.#reply.length
    this.isPure &&= chunk.equals(this.#pattern.subarray(from, from + chunk.length))
    this.bytes += chunk.length
  }

  get replies(): number {
    return this.bytes / this.#reply.length
  }
}

it.each([
  { what: '20 MB of PINGs', command: 'PING\r\n\r\n', count: 2_500_000 },
  { what: '40,000 HELPs, whose replies are a hundred times as long', command: 'HELP\n\n', count: 40_000 },
])(
  'queues little for a client that sends $what and reads nothing, and gives every reply once it does',
  async (flood) => {
    const { address, join, peerOf } = await startScene()
    const { pilot: other } = await join()
    await other.ask(flood.command, '\r\n\r\n')
    const greetingEnd = other.received.indexOf('\r\n\r\n') + 4
    const counter = new Counter(Buffer.from(other.received.slice(greetingEnd), 'latin1'))

    const socket = await dial(address)
    socket.pause()
    const input = Buffer.from(flood.command.repeat(flood.count))
    socket.write(input)
    const peer = await peerOf(new Pilot(socket))
    await until(() => (peer.isPaused() && peer.writableLength > 0) || peer.bytesRead === input.length)
    // What the others are told meanwhile does not get into what waits.
    await other.ask(`${'HELP MOVE\n\n'.repeat(500)}PING\nId: last\n\n`, 'Id: last')
    expect(queued(peer)).toBeLessThan(BOUND_BYTES)
    expect(peer.bytesRead).toBeLessThan(input.length)

    let most = 0
    let toSkip = greetingEnd
    socket.removeAllListeners('data').on('data', (chunk) => {
      counter.take(chunk.subarray(toSkip))
      toSkip = Math.max(0, toSkip - chunk.length)
      most = Math.max(most, queued(peer))
    })
    socket.resume()
    await until(() => counter.replies >= flood.count)
    expect(counter.replies).toBe(flood.count)
    expect(counter.isPure).toBe(true)
    expect(most).toBeLessThan(BOUND_BYTES)
  },
)

it('serves the others while ten clients take nothing', async () => {
  const { join } = await startScene()
  const deaf = await Promise.all(Array.from({ length: 10 }, join))
  for (const { pilot } of deaf) {
    pilot.socket.pause()
    pilot.send('HELP\n\n'.repeat(20_000))
  }
  await until(() => deaf.every(({ peer }) => peer.isPaused() && peer.writableLength > 0))
  const { pilot: other } = await join()
  await other.ask('HELLO\n\nSTATUS\n\n', 'OK STATUS')
  expect(deaf.reduce((sum, { peer }) => sum + queued(peer), 0)).toBeLessThan(10 * BOUND_BYTES)
})

it('is rid in the end of a client that does not take its last replies', async () => {
  const { join, clock } = await startScene({ timeouts: { handshakeMs: 1000, messageMs: 0, idleMs: 0 } })
  const { pilot, peer, gone } = await join()
  pilot.socket.pause()
  pilot.send('HELP\n\n'.repeat(40_000))
  await until(() => peer.isPaused() && peer.writableLength > 0)
  clock.advance(1000)
  expect(peer.writableEnded).toBe(true)
  expect(peer.destroyed).toBe(false)
  clock.advance(60_000)
  await gone
  expect(clock.timers).toBe(0)
})
