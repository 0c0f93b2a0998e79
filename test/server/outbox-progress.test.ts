import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { Outbox } from '../../src/server/outbox.ts'
import { Output } from '../../src/wire/output.ts'
import { FakeClock } from '../support/fake-clock.ts'

// A kernel has room for more than the server queues, and so takes all or nothing: this one takes chunk by chunk.

/** A socket whose kernel takes a chunk when it is told to. */
class SlowSocket extends Writable {
  bytesWritten = 0
  #take: () => void = () => {}

  override write(chunk: Uint8Array, ...rest: readonly unknown[]): boolean {
    this.bytesWritten += chunk.length
    return super.write(chunk, rest[0] as (error: Error | null | undefined) => void)
  }

  override _write({ length }: Uint8Array, _encoding: string, done: () => void): void {
    if (length === 0) done()
    else this.#take = done
  }

  async take(): Promise<void> {
    this.#take()
    await new Promise(setImmediate)
  }
}

const CHUNK = new Uint8Array(1000)
const STALL_MS = 10_000

function scene() {
  const socket = new SlowSocket()
  const clock = new FakeClock()
  const output = new Output()
  let drained = 0
  const outbox = new Outbox(socket as unknown as Socket, output, clock, { sent: () => {}, taken: () => void drained++ })
  const send = (chunks: number) => {
    for (let sent = 0; sent < chunks; sent++) {
      output.bytes(CHUNK)
      outbox.flush()
    }
  }
  /** Goes on to a moment, and asks. */
  const isStalledAt = (ms: number) => {
    clock.advance(ms - clock.now())
    return outbox.isStalled(clock.now())
  }
  return { socket, outbox, send, isStalledAt, drained: () => drained }
}

it('is not stalled, nor to be asked, while nothing waits', () => {
  const { outbox, isStalledAt } = scene()
  expect(outbox.deadlineMs).toBe(Number.POSITIVE_INFINITY)
  expect(isStalledAt(100 * STALL_MS)).toBe(false)
})

it('is stalled when nothing of what waits was taken for 10 s', () => {
  const { outbox, send, isStalledAt } = scene()
  send(3)
  expect(outbox.deadlineMs).toBe(STALL_MS)
  expect(isStalledAt(STALL_MS - 1)).toBe(false)
  expect(isStalledAt(STALL_MS)).toBe(true)
})

it('has 10 s more for each time that some of it was taken', async () => {
  const { socket, outbox, send, isStalledAt, drained } = scene()
  send(5)
  for (let round = 1; round <= 3; round++) {
    await socket.take()
    expect(isStalledAt(round * STALL_MS)).toBe(false)
    expect(outbox.deadlineMs).toBe((round + 1) * STALL_MS)
  }
  expect(drained()).toBe(0)
  expect(isStalledAt(4 * STALL_MS)).toBe(true)
})

it('is not put off by what is added to the queue', () => {
  const { send, isStalledAt } = scene()
  send(1)
  for (let ms = 1000; ms < STALL_MS; ms += 1000) {
    expect(isStalledAt(ms)).toBe(false)
    send(1)
  }
  expect(isStalledAt(STALL_MS)).toBe(true)
})

it('calls back once all was taken, and then begins anew', async () => {
  const { socket, outbox, send, isStalledAt, drained } = scene()
  send(2)
  await socket.take()
  expect(drained()).toBe(0)
  await socket.take()
  expect(drained()).toBe(1)
  expect(isStalledAt(STALL_MS)).toBe(false)
  expect(outbox.deadlineMs).toBe(Number.POSITIVE_INFINITY)
  isStalledAt(50_000)
  send(1)
  expect(isStalledAt(50_000 + STALL_MS - 1)).toBe(false)
  expect(isStalledAt(50_000 + STALL_MS)).toBe(true)
})
