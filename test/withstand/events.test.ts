import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { EventFeed, type Listener } from '../../src/server/feed.ts'
import { FeedEvent } from '../../src/server/feed-event.ts'
import { createWire } from '../../src/wire/wires.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { FULL, item, scale } from './item.ts'
import { apart } from './support/apart.ts'
import { cpuMsOf, HAS_PROC, highest, MEGABYTE, memoryOf, showMegabytes, showMs } from './support/figures.ts'
import { spawnServer } from './support/spawn-server.ts'
import { audience, deaf } from './support/subscribers.ts'
import { itemIf } from './support/tried-if.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const numbersIn = (text: string, header: string) =>
  [...text.matchAll(new RegExp(`\\r\\n${header}: (\\d+)`, 'g'))].map(([, digits]) => Number(digits))
const eventsIn = (text: string) => text.split('\r\n\r\n').filter((message) => message.startsWith('EVENT '))

/** What a subscriber is to get at the most often: 10 Hz, and what a timer and a busy machine make of it. */
const GAP_LIMIT_MS = 300
/** What is kept for one: 64 KB of replies, 64 KB read ahead, 256 KB of events, and what it takes to keep them. */
const EACH_BYTES = 640 * 1024
/** What the rest of a server comes to under load, as it is without any that are deaf. */
const OTHER_BYTES = 120 * MEGABYTE
/** So long they take nothing, in milliseconds: less than it takes to be cut for it. */
const STALLED_MS = 4000
/** So many replies are more than the system keeps for one that does not read. */
const HELPS = 20_000
/** As many as make more than 256 KB of events. */
const MANY_MOVES = 3000

itemIf(HAS_PROC, 'there is no /proc')(89, 'stalled among a thousand subscribers, at 10 Hz', async (row) => {
  const subscribers = scale(1000, 1000)
  const stalled = scale(200, 20)
  const file = join(temporaryFolder(), 'log')
  const log = openSync(file, 'a')
  onTestFinished(() => closeSync(log))
  const { child, address } = await spawnServer({ args: ['--max-connections', String(subscribers + 100)], stderr: log })
  const hearing = apart(audience, { address, count: subscribers - stalled, say: 'SUBSCRIBE TELEMETRY 10\n\n' })
  await hearing.ready
  const before = memoryOf(child.pid)
  // To fill what the system keeps for one takes megabytes of replies: of too many it would take longer than they may stall.
  const lateCount = scale(40, 10)
  const cutCount = stalled - lateCount
  const lost = apart(deaf, { address, count: cutCount, say: 'SUBSCRIBE TELEMETRY 10\n\nSUBSCRIBE OPS\n\n' })
  const slow = () => readFileSync(file, 'utf8').split('"reason":"SLOW_CONSUMER"').length - 1
  const work = async () => {
    await lost.ready
    const pilot = await Pilot.dial(address)
    await pilot.ask(`HELLO\n\n${'MOVE 10 20\n\n'.repeat(MANY_MOVES)}PING\n\n`, 'OK PONG')
    await until(() => slow() >= cutCount)
    // Those without OPS come now, or they would be gone, too, when they have taken nothing for ten seconds.
    const late = apart(deaf, { address, count: lateCount, say: 'SUBSCRIBE TELEMETRY 10\n\n' })
    await late.ready
    await wait(STALLED_MS)
    return late.stop()
  }
  const working = work()
  const most = await highest(() => memoryOf(child.pid), working)
  const told = await working
  const { cut } = await lost.stop()
  const heard = await hearing.stop()
  expect(slow()).toBe(cutCount)
  expect({ cut, alsoCut: told.cut, lost: heard.lost }).toEqual({ cut: cutCount, alsoCut: 0, lost: 0 })
  // Each gets at least what came last, and is told how much did not.
  expect(told.dropped.length).toBeGreaterThanOrEqual(lateCount)
  const limit = OTHER_BYTES + stalled * EACH_BYTES
  row.figure = `+${showMegabytes(most - before)} on ${showMegabytes(before)}; gap p50 ${showMs(heard.p50)}, p99 ${showMs(heard.p99)}, worst ${showMs(heard.worst)}; ${cut} cut, the others told of up to ${Math.max(...told.dropped)} dropped`
  row.limit = `+${showMegabytes(limit)}; p99 ${GAP_LIMIT_MS} ms`
  expect(most - before).toBeLessThan(limit)
  expect(heard.events).toBeGreaterThan(subscribers)
  if (FULL) expect(heard.p99).toBeLessThan(GAP_LIMIT_MS)
})

item(89, 'one that does not read: its queue, what it is told of, and its end', async (row) => {
  const log = recordLog()
  const { join: dial, clock } = await startScene({ logger: log.logger })
  const slow = await dial()
  const other = await dial()
  await other.pilot.ask('HELLO\n\n', 'AUTH_OK')
  await slow.pilot.ask('HELLO\n\nSUBSCRIBE TELEMETRY\n\n', 'SUBSCRIBED')
  slow.pilot.socket.pause()
  slow.pilot.send('HELP\n\n'.repeat(HELPS))
  await until(() => slow.peer.writableLength > 64 * 1024)
  const queued = slow.peer.writableLength
  const periods = 40
  for (let period = 0; period < periods; period++) clock.advance(100)
  expect(slow.peer.writableLength).toBeLessThanOrEqual(queued)
  const from = slow.pilot.received.length
  slow.pilot.socket.resume()
  await slow.pilot.until('\r\nDropped: ', from)
  const [dropped = 0] = numbersIn(slow.pilot.received.slice(from), 'Dropped')
  const seqs = eventsIn(slow.pilot.received).flatMap((event) => numbersIn(event, 'Event-Seq'))
  // What was sent before it stopped, what was left out, and the one that told of it are all there are.
  expect(dropped).toBeGreaterThanOrEqual(periods - 2)
  expect(seqs.at(-1)).toBe(seqs.length + dropped)
  await slow.pilot.ask('SUBSCRIBE OPS\n\nPING\nId: there\n\n', 'Id: there')
  slow.pilot.socket.pause()
  slow.pilot.send('HELP\n\n'.repeat(HELPS))
  await until(() => slow.peer.writableLength > 64 * 1024)
  let most = 0
  for (let moves = 0; !slow.peer.destroyed && moves < MANY_MOVES; moves += 10) {
    await other.pilot.ask(`${'MOVE 10 20\n\n'.repeat(10)}PING\nId: ${moves}\n\n`, `Id: ${moves}\r\n`)
    most = Math.max(most, slow.peer.writableLength)
  }
  await slow.gone
  // Its time stands still: for ten seconds it has not taken nothing.
  expect(log.of('connection closed')).toMatchObject([{ reason: 'SLOW_CONSUMER' }])
  row.figure = `${Math.round(most / 1024)} KB at the most, ${dropped} dropped told`
  row.limit = '320 KB'
  expect(most).toBeLessThan(320 * 1024)
})

item(90, 'subscribers that leave, or are gone, inside the fan-out: the others miss nothing', async (row) => {
  const clock = new FakeClock()
  const feed = new EventFeed(
    clock,
    () => new Date(0),
    () => ({}),
  )
  const count = 1000
  const heard = new Map<Listener, number>()
  const listeners = Array.from({ length: count }, (_, place): Listener => {
    const listener: Listener = {
      deliver: () => {
        heard.set(listener, (heard.get(listener) ?? 0) + 1)
        // Each third leaves, and takes the one behind it along.
        if (place % 3 !== 0) return
        feed.unsubscribe(listener)
        feed.unsubscribe(listeners[place + 1] as Listener)
      },
    }
    return listener
  })
  for (const listener of listeners) {
    feed.subscribe(listener, 'OPS', 10)
    feed.subscribe(listener, 'LINK', 10)
  }
  feed.publish('LINK', { state: 'lost' })
  await new Promise((resolve) => setImmediate(resolve))
  feed.publish('LINK', { state: 'regained' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(listeners.map((listener) => heard.get(listener) ?? 0)).toEqual(
    listeners.map((_, place) => [1, 0, 2][place % 3]),
  )
  for (const listener of listeners) feed.unsubscribe(listener)
  expect([feed.wants('OPS'), feed.wants('LINK'), clock.timers]).toEqual([false, false, 0])
  row.figure = `${count} listeners, ${Math.ceil((count * 2) / 3)} gone during the first event`
})

item(90, 'subscribers that hang up or unsubscribe as events come: nobody is skipped, nothing is left', async (row) => {
  const log = recordLog()
  const { join: dial, clock } = await startScene({ logger: log.logger })
  const idle = clock.timers
  const flier = await dial()
  await flier.pilot.ask('HELLO\n\n', 'AUTH_OK')
  const count = scale(300, 60)
  const all = await Promise.all(Array.from({ length: count }, dial))
  const say = 'HELLO\n\nSUBSCRIBE OPS\n\nSUBSCRIBE TELEMETRY 50\n\nSUBSCRIBE LINK\n\nPING\n\n'
  await Promise.all(all.map(({ pilot }) => pilot.ask(say, 'PONG')))
  all.forEach(({ pilot: { socket } }, place) => {
    if (place % 3 === 0) socket.once('data', () => socket.resetAndDestroy())
    if (place % 3 === 1) socket.once('data', () => void socket.write('UNSUBSCRIBE\n\n'))
  })
  const moves = 200
  for (let move = 0; move < moves; move++) {
    await flier.pilot.ask(`MOVE ${move} 20\nId: ${move}\n\n`, `Id: ${move}\r\n`)
    clock.advance(20)
  }
  for (const { pilot } of all.filter((_, place) => place % 3 === 2)) {
    await pilot.until(`\r\nOp: ${moves}\r\n`)
    const started = eventsIn(pilot.received).filter((event) => event.startsWith('EVENT STARTED'))
    expect(started.flatMap((event) => numbersIn(event, 'Op'))).toEqual(Array.from({ length: moves }, (_, n) => n + 1))
  }
  for (const { pilot } of all.filter((_, place) => place % 3 === 1)) {
    await pilot.until('OK UNSUBSCRIBED')
    await pilot.ask('PING\nId: end\n\n', 'Id: end')
    expect(eventsIn(pilot.received.slice(pilot.received.indexOf('OK UNSUBSCRIBED')))).toEqual([])
  }
  for (const { pilot } of [flier, ...all]) pilot.socket.destroy()
  await Promise.all([flier, ...all].map(({ peer, gone }) => peer.destroyed || gone))
  await until(() => log.of('connection closed').length === count + 1)
  // Of timers only the drone's own may be left, that is on its way.
  expect(clock.timers).toBeLessThanOrEqual(idle + 1)
  expect(log.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  row.figure = `${count} subscribers, two thirds left during ${moves} MOVEs`
})

item(91, 'a thousand subscriptions by one client: each event comes once, at the rate asked for last', async (row) => {
  const { join: dial, clock } = await startScene()
  const { pilot } = await dial()
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  const timers = clock.timers
  const times = 1000
  const again = Array.from({ length: times }, (_, n) => `SUBSCRIBE TELEMETRY ${1 + (n % 50)}\n\nSUBSCRIBE OPS\n\n`)
  await pilot.ask(`${again.join('')}SUBSCRIBE TELEMETRY 20\n\nPING\n\n`, 'PONG')
  expect(pilot.replies.filter((line) => line.startsWith('OK SUBSCRIBED'))).toHaveLength(2 * times + 1)
  expect(clock.timers).toBeLessThanOrEqual(timers + 1)
  const from = pilot.received.length
  await pilot.ask('MOVE 10 20\n\nPING\nId: moved\n\n', 'Id: moved')
  await pilot.until('EVENT STARTED')
  for (let ms = 0; ms < 1000; ms++) clock.advance(1)
  await pilot.ask('UNSUBSCRIBE\n\nPING\nId: left\n\n', 'Id: left')
  for (let ms = 0; ms < 1000; ms++) clock.advance(1)
  await pilot.ask('MOVE 30 20\n\nPING\nId: end\n\n', 'Id: end')
  const events = eventsIn(pilot.received.slice(from))
  const count = (name: string) => events.filter((event) => event.startsWith(`EVENT ${name}\r\n`)).length
  const seqs = events.flatMap((event) => numbersIn(event, 'Event-Seq'))
  expect(new Set(seqs).size).toBe(seqs.length)
  row.figure = `${2 * times + 1} subscriptions; a MOVE: ${count('STARTED')} STARTED; a second: ${count('TELEMETRY')} TELEMETRY`
  row.limit = '1 STARTED, 20 or 21 TELEMETRY'
  expect(count('STARTED')).toBe(1)
  expect([20, 21]).toContain(count('TELEMETRY'))
})

/** A whole message, as strictly as it can be read: a first line, headers, and nothing else. */
const MESSAGE = /^(OK|ERR|EVENT) [^\r\n]+(\r\n[A-Z][A-Za-z0-9-]*: [^\r\n]*)*$/
const TELEMETRY =
  /^EVENT TELEMETRY\r\nEvent-Seq: \d+\r\nTime: \S+Z\r\nUptime: \d+\r\nDrone: [^\r]+\r\nState: \w+\r\nX: -?\d+\r\nY: -?\d+\r\nZ: -?\d+\r\nHeading: \d+\r\nBattery: \d+\r\nR: \d+\r\nG: \d+\r\nB: \d+(\r\nText: [^\r]*)?(\r\nDropped: \d+)?$/

item(92, 'events at 50 Hz among pipelined replies: never within one', async (row) => {
  const { address } = await spawnServer()
  const pilot = await Pilot.dial(address)
  const other = await Pilot.dial(address)
  await other.ask('HELLO\n\n', 'AUTH_OK')
  await pilot.ask('HELLO\n\nSUBSCRIBE TELEMETRY 50\n\nSUBSCRIBE OPS\n\nPING\nId: begin\n\n', 'Id: begin\r\n\r\n')
  const events = scale(500, 60)
  const from = pilot.received.indexOf('Id: begin\r\n\r\n') + 'Id: begin\r\n\r\n'.length
  const helps = 50
  let rounds = 0
  for (; (pilot.received.split('EVENT TELEMETRY').length < events || rounds < 20) && rounds < 10_000; rounds++) {
    const numbered = Array.from({ length: helps }, (_, n) => `HELP\nId: ${rounds * helps + n}\n\n`).join('')
    other.send('MOVE 10 20\n\nMOVE 30 40\n\n')
    await pilot.ask(numbered, `Id: ${(rounds + 1) * helps - 1}\r\n\r\n`)
    // Now and then one that is slow for a while.
    if (rounds % 10 === 0) {
      pilot.socket.pause()
      setTimeout(() => pilot.socket.resume(), 30)
    }
  }
  await pilot.ask('UNSUBSCRIBE\n\nPING\nId: end\n\n', 'Id: end\r\n\r\n')
  const messages = pilot.received.slice(from).split('\r\n\r\n')
  expect(messages.pop()).toBe('')
  expect(messages.filter((message) => !MESSAGE.test(message))).toEqual([])
  const told = messages.filter((message) => message.startsWith('EVENT '))
  expect(told.filter((event) => event.startsWith('EVENT TELEMETRY') && !TELEMETRY.test(event))).toEqual([])
  const seqs = told.flatMap((event) => numbersIn(event, 'Event-Seq'))
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  const replies = messages.filter((message) => message.includes('\r\nId: ') && !message.includes('Id: end'))
  expect(replies.flatMap((reply) => numbersIn(reply, 'Id'))).toEqual(
    Array.from({ length: rounds * helps }, (_, n) => n),
  )
  expect(new Set(replies.map((reply) => reply.replace(/\r\nId: \d+/, ''))).size).toBe(1)
  row.figure = `${replies.length} HELPs of ${replies[0]?.length} bytes, ${told.length} events between them`
  row.limit = 'each whole, in its order'
})

/** What a write to a socket may cost the server, in microseconds; one write takes the kernel some 5 to 10. */
const WRITE_LIMIT_US = 60

itemIf(HAS_PROC, 'there is no /proc')(93, 'a storm of events to a thousand subscribers', async (row) => {
  const wire = createWire('text', { strictCrlf: false, auth: 'none', maxFrameBytes: 8192 })
  const event = new FeedEvent('LINK', { eventSeq: 1, time: 'now', uptime: 1, state: 'lost' })
  expect(event.encode(wire, 0)).toBe(event.encode(wire, 0))
  const count = 1000
  const { child, address } = await spawnServer({ args: ['--max-connections', String(count + 100)] })
  const load = apart(audience, { address, count, say: 'SUBSCRIBE OPS\n\n' })
  await load.ready
  const pilot = await Pilot.dial(address)
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  const moves = scale(400, 100)
  const cpu = cpuMsOf(child.pid)
  const since = performance.now()
  // One at a time: STARTED of each, and CANCELLED of the one before it.
  for (let move = 0; move < moves; move++) await pilot.ask(`MOVE ${move} 0\nId: ${move}\n\n`, `Id: ${move}\r\n`)
  await pilot.ask('PING\n\n', 'PONG')
  const ms = performance.now() - since
  const writes = count * (2 * moves - 1)
  const cpuMs = cpuMsOf(child.pid) - cpu
  await wait(500)
  const { lost, events } = await load.stop()
  row.figure = `${Math.round(writes / ms)}k events a second, ${((cpuMs / writes) * 1000).toFixed(1)} us of the server each; ${events} of ${writes} heard`
  row.limit = `${WRITE_LIMIT_US} us each`
  expect(lost).toBe(0)
  // Those of which a chunk's end cuts the first word are not counted.
  expect(events).toBeGreaterThan(writes * 0.99)
  expect((cpuMs / writes) * 1000).toBeLessThan(WRITE_LIMIT_US)
})
