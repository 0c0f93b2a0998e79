import { existsSync, readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { serveSkyline } from '../support/run-skyline.ts'
import { startScene } from '../support/start-scene.ts'
import { dial, readAll, talk } from '../support/talk.ts'

vi.setConfig({ testTimeout: 120_000 })

const PINGS = 300_000
/** Every so many PINGs one has an Id. */
const SAMPLE = 1000
/** What the server's memory may grow by, in KiB: the input alone is three times as much. */
const FLAT_KIB = 8 * 1024

const NO_PROC = existsSync('/proc/self/status') ? '' : ', skipped: there is no /proc here'

/** The most memory that a process has had at a time, in KiB. */
const peakKib = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

it('answers 300,000 pipelined PINGs in order (R1)', async () => {
  const { address } = await startScene()
  const indices = Array.from({ length: PINGS }, (_, index) => index)
  const script = indices.map((index) => (index % SAMPLE === 0 ? `PING\nId: ${index}\n\n` : 'PING\n\n')).join('')
  const answer = (await talk(address, [Buffer.from(script)])).toString()
  const replies = answer.split('\r\n\r\n').slice(1, -1)
  expect(replies).toHaveLength(PINGS)
  const wanted = indices.map((index) => (index % SAMPLE === 0 ? `OK PONG\r\nId: ${index}` : 'OK PONG'))
  expect(replies.findIndex((reply, index) => reply !== wanted[index])).toBe(-1)
})

it.skipIf(NO_PROC !== '')(`keeps its memory flat meanwhile${NO_PROC}`, async () => {
  const { program, address } = await serveSkyline()
  const padding = `PING\r\nX-Padding: ${'x'.repeat(80)}\r\n\r\n`
  const ping = async (count: number) => {
    const socket = await dial(address)
    const answer = readAll(socket)
    socket.end(padding.repeat(count))
    expect((await answer).toString().split('OK PONG')).toHaveLength(count + 1)
  }
  await ping(PINGS)
  const before = peakKib(program.child.pid)
  await ping(PINGS)
  expect(peakKib(program.child.pid) - before).toBeLessThan(FLAT_KIB)
})
