import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { item, scale } from './item.ts'
import { apart } from './support/apart.ts'
import { cpuMsOf, HAS_PROC, quantile, showMs, timePingsDuring } from './support/figures.ts'
import { flood } from './support/flood.ts'
import { repliesIn } from './support/judge.ts'
import { pipeline } from './support/pipeline.ts'
import { growthKib, showGrowth } from './support/process-memory.ts'
import { itemIf } from './support/tried-if.ts'

const MEGABYTE = 1_000_000
const CONNECTIONS = 10
const GROWTH_LIMIT_KIB = 2048

item(
  7,
  'a header without end, from ten at once: refused at the cap, and its rest costs no memory (F3)',
  async (row) => {
    const { program, address } = await serveSkyline()
    const floodAll = async (bytes: number) => {
      const one = () => flood(address, 'PING\r\nNote: ', 'a', bytes)
      const floods = await Promise.all(Array.from({ length: CONNECTIONS }, one))
      for (const { reply, ended } of floods) {
        expect(repliesIn(reply).map((text) => text.split('\r\n')[0])).toEqual(['OK READY', 'ERR MESSAGE_TOO_BIG'])
        expect(ended).toBe(true)
      }
      return floods.reduce((sum, { sentBytes }) => sum + sentBytes, 0)
    }
    await floodAll(scale(100, 10) * MEGABYTE)
    let sent = 0
    const growth = await growthKib(program.child.pid, async () => {
      sent = await floodAll(scale(100, 10) * MEGABYTE)
    })
    const each = growth === undefined ? undefined : growth / CONNECTIONS
    if (each !== undefined) expect(each).toBeLessThan(GROWTH_LIMIT_KIB)
    row.figure = `${Math.round(sent / MEGABYTE)} MB taken, ${showGrowth(each)} a connection`
    row.limit = `${GROWTH_LIMIT_KIB} KiB a connection`
  },
)

/** How long a PING of another may take at p99 while they are answered, in milliseconds. */
const PING_LIMIT_MS = 250

item(
  9,
  'a million pipelined messages in one write: a reply each, in order, and others are served meanwhile (R1)',
  async (row) => {
    const { program, address } = await serveSkyline()
    const count = scale(1_000_000, 100_000)
    const other = await Pilot.dial(address)
    await other.ask('HELLO\n\n', 'OK AUTH_OK')
    const flooded = apart(pipeline, { address, count })
    await until(() => program.stderr.split('connection opened').length === 3)
    const startMs = performance.now()
    const pingsMs = await timePingsDuring(other, flooded.stop())
    const { inOrder, others } = await flooded.result
    const tookMs = performance.now() - startMs
    expect({ inOrder, others }).toEqual({ inOrder: count, others: 0 })
    const p99Ms = quantile(pingsMs, 0.99)
    expect(p99Ms).toBeLessThan(PING_LIMIT_MS)
    row.figure = `${count} replies in ${showMs(tookMs)}, PING of another p99 ${showMs(p99Ms)}`
    row.limit = `p99 ${PING_LIMIT_MS} ms`
  },
)

item(
  10,
  'a million garbage lines: one reply at the cap; a million garbage messages: ten (F3, TOO_MANY_ERRORS)',
  async (row) => {
    const { address } = await startServer()
    const count = scale(1_000_000, 100_000)
    const heads = async (unit: string) => {
      const answer = await talk(address, [Buffer.from(unit.repeat(count))])
      return repliesIn(answer.toString()).map((reply) => reply.split('\r\n')[0])
    }
    expect(await heads('!\n')).toEqual(['OK READY', 'ERR MESSAGE_TOO_BIG'])
    const nine = Array<string>(9).fill('ERR PARSE')
    expect(await heads('!\n\n')).toEqual(['OK READY', ...nine, 'ERR TOO_MANY_ERRORS'])
    row.figure = `1 and 10 replies to ${count} each`
    row.limit = '1 and 10 replies'
  },
)

/** How long the server may compute for one message, in milliseconds. */
const MESSAGE_LIMIT_MS = 2.5

itemIf(HAS_PROC, 'there is no /proc')(28, 'the dearest messages of 8 KB that could be thought of (F5)', async (row) => {
  const { program, address } = await serveSkyline()
  const filled = (begin: string, unit: string, end: string) =>
    begin + unit.repeat(Math.floor((8192 - begin.length - end.length) / unit.length)) + end
  const headers = Array.from({ length: 64 }, (_, index) => `X-${index}: ${' '.repeat(110)}\r\n`).join('')
  const dear = {
    spaces: filled('PING\r\nNote: ', ' ', 'x\r\n\r\n'),
    'spaces behind': filled('PING\r\nNote: x', ' ', '\r\n\r\n'),
    'spaces in the first line': filled('PING', ' ', 'x\r\n\r\n'),
    colons: filled('PING\r\n', ':', '\r\n\r\n'),
    'colons as a command': filled('', ':', '\r\n\r\n'),
    arguments: filled('MOVE', ' 1', '\r\n\r\n'),
    'lines of one letter': filled('PING\n', 'a\n', '\n'),
    'headers of one letter': filled('PING\n', 'a:\n', '\n'),
    '64 headers': `PING\r\n${headers}\r\n`,
    digits: filled('MOVE 1 ', '9', '\r\n\r\n'),
    'letters far from any name': filled('HELP ', 'q', '\r\n\r\n'),
    'UTF-8': filled('WRITE ', '\xc3\xa9', '\r\n\r\n'),
    escapes: filled('PING\r\nNote: ', '\x1b', '\r\n\r\n'),
  }
  const rounds = scale(500, 100)
  const found = []
  for (const [what, message] of Object.entries(dear)) {
    // A PING behind each begins the row of mistakes anew.
    const script = Buffer.from(`HELLO\n\n${`${message}PING\n\n`.repeat(rounds)}`, 'latin1')
    await talk(address, [script])
    const before = cpuMsOf(program.child.pid)
    const answer = String(await talk(address, [script]))
    found.push({ what, ms: (cpuMsOf(program.child.pid) - before) / rounds })
    expect(repliesIn(answer)).toHaveLength(2 * rounds + 2)
  }
  const [dearest] = found.toSorted((a, b) => b.ms - a.ms)
  expect(dearest?.ms).toBeLessThan(MESSAGE_LIMIT_MS)
  row.figure = `${dearest?.what}: ${dearest?.ms.toFixed(2)} ms a message`
  row.limit = `${MESSAGE_LIMIT_MS} ms`
})
