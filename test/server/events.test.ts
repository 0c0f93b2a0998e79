import { describe, expect, it, vi } from 'vitest'
import { EVENTS } from '../../src/commands/events.ts'
import type { Drone } from '../../src/drone/drone.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { EventFeed } from '../../src/server/feed.ts'
import { FeedEvent } from '../../src/server/feed-event.ts'
import { MAX_EVENT_BYTES } from '../../src/server/subscriber.ts'
import { Failure } from '../../src/wire/failure.ts'
import { Message, type PlainMessage } from '../../src/wire/message.ts'
import { Reader } from '../../src/wire/reader.ts'
import { textWire } from '../../src/wire/text-wire.ts'
import { recorded } from '../recorder/support/recorded.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { dialVersioned, firstLine, versioned } from '../wires/support/versioned-client.ts'

vi.setConfig({ testTimeout: 60_000 })

const TIME = '2026-01-02T03:04:05.678Z'
/** More replies than the kernel has room for. */
const FLOOD = 'HELP\n\n'.repeat(16_000)

async function start(options: Parameters<typeof startScene>[0] = {}) {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const scene = await startScene({ clock, drone, wallClock: () => new Date(TIME), ...options })
  const joinGreeted = async (...commands: readonly string[]) => {
    const joined = await scene.join()
    const id = `ready${++readyCount}`
    const input = ['HELLO', ...commands, `PING\nId: ${id}`].map((command) => `${command}\n\n`).join('')
    await joined.pilot.ask(input, `Id: ${id}\r\n\r\n`)
    return joined
  }
  return { ...scene, clock, drone, joinGreeted }
}
let readyCount = 0

/** All whole messages of what was received, by the project's own reader: throws at what is no message. */
function messagesIn(received: string): PlainMessage[] {
  const reader = new Reader({ strictCrlf: true })
  const message = new Message()
  const messages: PlainMessage[] = []
  reader.push(Buffer.from(received, 'latin1'))
  for (let verdict = reader.next(message); verdict !== 'more'; verdict = reader.next(message)) {
    if (verdict !== 'message') throw new Error(`no message: ${JSON.stringify(verdict)}`)
    messages.push(message.toPlain())
  }
  return messages
}

interface Told {
  readonly name: string | undefined
  readonly keys: readonly string[]
  readonly [header: string]: string | readonly string[] | undefined
}

const eventsIn = (received: string): Told[] =>
  messagesIn(received)
    .filter(({ command }) => command === 'EVENT')
    .map(({ arguments: [name], headers }) => ({
      name,
      keys: headers.map(([key]) => key),
      ...Object.fromEntries(headers),
    }))

const namesIn = (received: string) => eventsIn(received).map(({ name }) => name)

describe('who has subscribed', () => {
  it('is told, and may change or end it', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE link', 'subscribe\nTopic: TELEMETRY\nRate: 50')
    expect(pilot.replies.slice(2, -1)).toEqual(['OK SUBSCRIBED', 'OK SUBSCRIBED', 'OK SUBSCRIBED'])
    expect(pilot.received).toContain('OK SUBSCRIBED\r\nTopic: TELEMETRY\r\nRate: 50\r\nSession: 1\r\n\r\n')
    await pilot.ask('UNSUBSCRIBE TELEMETRY\n\n', 'OK UNSUBSCRIBED\r\nTopic: TELEMETRY\r\n\r\n')
    await pilot.ask('UNSUBSCRIBE\n\nMOVE 1 1\nId: m\n\n', 'Id: m\r\n\r\n')
    clock.advance(60_000)
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    expect(namesIn(pilot.received)).toEqual([])
  })

  it.each([
    ['SUBSCRIBE', 'MISSING_ARGUMENT'],
    ['SUBSCRIBE WEATHER', 'BAD_ARGUMENT'],
    ['SUBSCRIBE TELEMETRY 0', 'OUT_OF_RANGE'],
    ['SUBSCRIBE TELEMETRY 51', 'OUT_OF_RANGE'],
    ['SUBSCRIBE OPS 10', 'BAD_ARGUMENT'],
    ['UNSUBSCRIBE WEATHER', 'BAD_ARGUMENT'],
  ])('is refused what there is not: %s', async (command, code) => {
    const { joinGreeted } = await start()
    const { pilot } = await joinGreeted(command)
    expect(pilot.replies[2]).toBe(`ERR ${code}`)
  })

  it('gets every header of the table, in its order, and each event once', async () => {
    const { joinGreeted, clock, drone } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE OPS', 'SUBSCRIBE LINK', 'SUBSCRIBE TELEMETRY 1')
    await pilot.ask('MOVE 100 0 0\n\nMOVE 0 100 0\nId: m\n\n', 'Id: m')
    clock.advance(2000)
    drone.setLink('lost')
    drone.setLink('lost')
    drone.setLink('regained')
    await pilot.until('regained')
    const events = eventsIn(pilot.received)
    const named = (name: string) => events.filter((event) => event.name === name)
    expect(named('STARTED')).toMatchObject([
      { Op: '1', Command: 'MOVE', X: '100', Y: '0', Z: '0', Time: TIME, Uptime: '0' },
      { Op: '2', Command: 'MOVE', X: '0', Y: '100', Z: '0' },
    ])
    expect(named('CANCELLED')).toMatchObject([{ Op: '1', X: '0', Y: '0', Z: '0' }])
    expect(named('ARRIVED')).toMatchObject([{ Op: '2', X: '0', Y: '100', Z: '0', Uptime: '1000' }])
    expect(named('LINK')).toMatchObject([{ State: 'lost', Uptime: '2000' }, { State: 'regained' }])
    for (const { name, keys } of events) {
      const own = EVENTS.find((row) => row.name === name)?.headers.map((header) => header.name) ?? []
      const wanted = ['Event-Seq', 'Time', 'Uptime', ...own]
      expect(keys).toEqual(wanted.filter((key) => key !== 'Text'))
    }
    const numbers = events.map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })

  it('is told once of what was stopped, and of nothing where nothing was', async () => {
    const { joinGreeted } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    await pilot.ask('STOP\n\nMOVE 100 0\n\nSTOP\n\nSTOP\nId: s\n\n', 'Id: s')
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    expect(namesIn(pilot.received)).toEqual(['STARTED', 'CANCELLED'])
  })

  it('is told of what fails, with its code and the reason', async () => {
    const clock = new FakeClock()
    const drone = new SimulatedDrone(clock)
    const observe = vi.spyOn(drone, 'observe')
    const { joinGreeted } = await start({ drone, clock })
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    await pilot.ask('MOVE 100 0\n\n', 'EVENT STARTED')
    observe.mock.calls[0]?.[0].ended(1, new Failure('LINK_LOST', { reason: 'It is gone' }))
    await pilot.until('EVENT FAILED')
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const failed = { name: 'FAILED', Op: '1', Command: 'MOVE', X: '0', Code: 'LINK_LOST', Reason: 'It is gone' }
    expect(eventsIn(pilot.received)[1]).toMatchObject(failed)
  })

  it('has the reply to what it began before the event of it', async () => {
    const { joinGreeted } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    await pilot.ask('MOVE 100 0\nId: m\n\n', 'EVENT STARTED')
    expect(pilot.received.indexOf('Id: m')).toBeLessThan(pilot.received.indexOf('EVENT STARTED'))
  })

  it('has it so, too, where the drone accepts it later', async () => {
    const clock = new FakeClock()
    const drone = new SimulatedDrone(clock)
    const moveTo = drone.moveTo.bind(drone)
    vi.spyOn(drone as Drone, 'moveTo').mockImplementation(async (target, op) => {
      await undefined
      return moveTo(target, op)
    })
    const { joinGreeted } = await start({ drone, clock })
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    await pilot.ask('MOVE 100 0\nId: m\n\n', 'EVENT STARTED')
    expect(pilot.received.indexOf('Id: m')).toBeGreaterThan(0)
    expect(pilot.received.indexOf('Id: m')).toBeLessThan(pilot.received.indexOf('EVENT STARTED'))
  })

  it('gets events only between whole messages, however many replies there are', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE TELEMETRY 50')
    for (let round = 0; round < 10; round++) {
      pilot.send(`${'HELP\n\nMOVE 1 1\n\nSTATUS\n\n'.repeat(100)}PING\nId: round${round}\n\n`)
      clock.advance(20)
      await pilot.until(`Id: round${round}`)
    }
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const messages = messagesIn(pilot.received)
    expect(messages.filter(({ command }) => command === 'OK')).toHaveLength(2 + 2 + 1 + 10 * 301 + 1)
    expect(messages.filter(({ arguments: [name] }) => name === 'STARTED')).toHaveLength(1000)
    const numbers = eventsIn(pilot.received).map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })

  it('gets them in the order of their numbers where telemetry and an arrival fall together', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE TELEMETRY 1', 'MOVE 100 0 0')
    clock.advance(5000)
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const numbers = eventsIn(pilot.received).map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(namesIn(pilot.received)).toContain('ARRIVED')
  })
})

describe('telemetry', () => {
  it.each([
    { rate: '', hertz: 10 },
    { rate: ' 1', hertz: 1 },
    { rate: ' 50', hertz: 50 },
    { rate: ' 3', hertz: 3 },
  ])('comes $hertz times a second: SUBSCRIBE TELEMETRY$rate', async ({ rate, hertz }) => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted(`SUBSCRIBE TELEMETRY${rate}`)
    for (let ms = 0; ms < 10_000; ms += 5) clock.advance(5)
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const { length } = eventsIn(pilot.received)
    expect(length).toBeGreaterThanOrEqual(10 * hertz)
    expect(length).toBeLessThanOrEqual(10 * hertz + 1)
  })

  it('tells where the drone is at that time', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted('WRITE hello, world', 'MOVE 1000 0 50', 'SUBSCRIBE TELEMETRY 1')
    clock.advance(0)
    for (let second = 0; second < 3; second++) clock.advance(1000)
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const events = eventsIn(pilot.received)
    expect(events.map(({ X }) => X)).toEqual(['0', '100', '200', '300'])
    expect(events[1]).toMatchObject({ Drone: 'sim', State: 'moving', Heading: '90', Text: 'hello, world' })
    expect(events.map(({ Uptime }) => Uptime)).toEqual(['0', '1000', '2000', '3000'])
  })

  it('is not caught up on: what is missed is missed', () => {
    let nowMs = 0
    const timers: (() => void)[] = []
    const clock = {
      now: () => nowMs,
      after: (_: number, ring: () => void) => {
        timers.push(ring)
        return () => {}
      },
    }
    const feed = new EventFeed(
      clock,
      () => new Date(TIME),
      () => ({}),
    )
    const deliver = vi.fn()
    feed.subscribe({ deliver }, 'TELEMETRY', 10)
    timers.shift()?.()
    nowMs = 60_000
    timers.shift()?.()
    timers.shift()?.()
    timers.shift()?.()
    expect(deliver.mock.calls.length).toBeLessThanOrEqual(3)
  })

  it('is put into bytes once for all who get it, at whatever rate', async () => {
    const { joinGreeted, clock } = await start()
    const pilots = [await joinGreeted('SUBSCRIBE TELEMETRY 10'), await joinGreeted('SUBSCRIBE TELEMETRY 10')]
    pilots.push(await joinGreeted('SUBSCRIBE TELEMETRY 5'))
    const writes = pilots.map(({ peer }) => vi.spyOn(peer, 'write'))
    for (let tick = 0; tick < 10; tick++) clock.advance(100)
    const written = writes.flatMap(({ mock }) => mock.calls.map(([chunk]) => chunk))
    expect(written.length).toBeGreaterThanOrEqual(24)
    expect(new Set(written).size).toBeLessThanOrEqual(11)
    for (const { pilot } of pilots) await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const [one, two] = pilots.map(({ pilot }) => eventsIn(pilot.received))
    expect(one?.length).toBeGreaterThanOrEqual(10)
    expect(one).toEqual(two)
  })

  it('has no number where nobody gets it', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot: fast } = await joinGreeted('SUBSCRIBE TELEMETRY 50')
    const { pilot: slow } = await joinGreeted('SUBSCRIBE TELEMETRY 1')
    clock.advance(10)
    await fast.ask('UNSUBSCRIBE\n\n', 'UNSUBSCRIBED')
    const before = eventsIn(fast.received).length
    for (let tick = 0; tick < 300; tick++) clock.advance(10)
    await slow.ask('PING\nId: last\n\n', 'Id: last')
    const numbers = eventsIn(slow.received).map((event) => Number(event['Event-Seq']))
    expect(before).toBe(1)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})

describe('who does not read', () => {
  it('gets only the latest telemetry, and is told how much was left out', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot, peer } = await joinGreeted('SUBSCRIBE TELEMETRY 10', 'SUBSCRIBE OPS', 'MOVE 100000 0')
    pilot.socket.pause()
    pilot.send(FLOOD)
    await until(() => peer.writableLength > 64 * 1024)
    const { writableLength } = peer
    for (let tick = 0; tick < 50; tick++) clock.advance(100)
    expect(peer.writableLength).toBe(writableLength)
    pilot.socket.resume()
    await pilot.ask('PING\nId: last\n\n', 'Id: last')
    const telemetry = eventsIn(pilot.received).filter(({ name }) => name === 'TELEMETRY')
    const dropped = telemetry.filter(({ Dropped }) => Dropped !== undefined)
    expect(dropped).toMatchObject([{ Dropped: '50', Uptime: '5000', X: '500' }])
    const numbers = eventsIn(pilot.received).map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })

  it('gets every event about operations, in its order, among the telemetry', async () => {
    const { joinGreeted, clock } = await start()
    const { pilot: slow, peer } = await joinGreeted('SUBSCRIBE TELEMETRY 10', 'SUBSCRIBE OPS')
    const { pilot: other } = await joinGreeted()
    slow.socket.pause()
    slow.send(FLOOD)
    await until(() => peer.writableLength > 64 * 1024)
    for (let round = 0; round < 30; round++) {
      for (let tick = 0; tick < 3; tick++) clock.advance(100)
      await other.ask(`MOVE ${round} 7\nId: m${round}\n\n`, `Id: m${round}\r\n`)
    }
    slow.socket.resume()
    await slow.ask('PING\nId: last\n\n', 'Id: last')
    const events = eventsIn(slow.received)
    const started = events.filter(({ name }) => name === 'STARTED')
    expect(started.map(({ X }) => Number(X))).toEqual(Array.from({ length: 30 }, (_, round) => round))
    const numbers = events.map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    const dropped = events.reduce((sum, { Dropped }) => sum + Number(Dropped ?? 0), 0)
    // All that has a number is there, or counted.
    expect(events.length + dropped).toBe(numbers.at(-1))
  })

  it('is closed as a SLOW_CONSUMER where more of them wait than may, and disturbs nobody', async () => {
    const log = recordLog()
    const { joinGreeted } = await start({ logger: log.logger })
    const { pilot: slow, peer, gone } = await joinGreeted('SUBSCRIBE OPS')
    const { pilot: other } = await joinGreeted('SUBSCRIBE OPS')
    slow.socket.pause()
    slow.send(FLOOD)
    await until(() => peer.writableLength > 64 * 1024)
    const bytes = 'MOVE 1 2\n\n'.repeat(100)
    let most = 0
    for (let round = 0; !peer.destroyed; round++) {
      await other.ask(`${bytes}PING\nId: r${round}\n\n`, `Id: r${round}\r\n`)
      most = Math.max(most, peer.writableLength)
    }
    await gone
    expect(most).toBeGreaterThan(MAX_EVENT_BYTES - 64 * 1024)
    expect(most).toBeLessThan(MAX_EVENT_BYTES + 64 * 1024)
    expect(log.of('connection closed')).toMatchObject([{ reason: 'SLOW_CONSUMER' }])
    const numbers = eventsIn(other.received).map((event) => Number(event['Event-Seq']))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})

describe('who is told nothing', () => {
  it('has not subscribed, or is gone', async () => {
    const { joinGreeted, clock, drone } = await start()
    const wants = vi.spyOn(EventFeed.prototype, 'wants')
    const { pilot: quiet } = await joinGreeted()
    const { pilot, gone } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE TELEMETRY', 'SUBSCRIBE LINK')
    await pilot.ask('MOVE 1 1\n\n', 'EVENT STARTED')
    expect(wants.mock.results.at(-1)?.value).toBe(true)
    pilot.socket.resetAndDestroy()
    await gone
    wants.mockClear()
    drone.setLink('lost')
    drone.setLink('regained')
    await quiet.ask('MOVE 2 2\n\n', 'MOVING_TO')
    clock.advance(10_000)
    await quiet.ask('PING\nId: last\n\n', 'Id: last')
    expect(wants.mock.results.map(({ value }) => value)).toEqual(wants.mock.results.map(() => false))
    expect(wants).toHaveBeenCalled()
    wants.mockRestore()
    expect(namesIn(quiet.received)).toEqual([])
  })

  it.each(['QUIT', 'PING\0'])('has ended its session: after %j nothing follows', async (ending) => {
    const { joinGreeted, clock } = await start()
    const { pilot } = await joinGreeted('SUBSCRIBE TELEMETRY 50', 'SUBSCRIBE OPS')
    pilot.send(`MOVE 1 1\n\n${ending}\n\n`)
    const received = await pilot.ended
    expect(messagesIn(received).at(-1)?.command).not.toBe('EVENT')
    clock.advance(10)
  })
})

it('on the versioned wire an event is a frame of its own', async () => {
  const { server, clock, drone } = await start()
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, wire: 'versioned' })
  const client = await dialVersioned(port)
  await client.next()
  await client.ask(versioned('HELLO'))
  for (const topic of ['OPS', 'LINK', 'TELEMETRY\nRate: 1'])
    expect(firstLine(await client.ask(versioned(`SUBSCRIBE\nTopic: ${topic}`)))).toBe('OK SUBSCRIBED')
  expect(firstLine(await client.ask(versioned('MOVE 100 0\nId: m')))).toMatch('OK MOVING_TO(100, 0)')
  const started = [
    'Event-Seq: 1',
    `Time: ${TIME}`,
    'Uptime: 0',
    'Op: 1',
    'Session: 1',
    'Command: MOVE',
    'X: 100',
    'Y: 0',
    'Z: 0',
  ]
  expect((await client.next())?.split('\r\n')).toEqual(['EVENT STARTED', ...started])
  clock.advance(0)
  expect(firstLine(await client.next())).toBe('EVENT TELEMETRY')
  drone.setLink('lost')
  expect(firstLine(await client.next())).toBe('EVENT LINK')
})

it('an event is the same bytes for all on one wire, and others where some were left out', () => {
  const event = new FeedEvent('LINK', { eventSeq: 1, time: TIME, uptime: 5, state: 'lost' })
  const wire = textWire()
  expect(event.encode(wire, 0)).toBe(event.encode(wire, 0))
  const text = (dropped: number) => Buffer.from(event.encode(wire, dropped)).toString()
  const plain = `EVENT LINK\r\nEvent-Seq: 1\r\nTime: ${TIME}\r\nUptime: 5\r\nState: lost\r\n\r\n`
  expect(text(0)).toBe(plain)
  expect(text(3)).toBe(plain.replace('\r\n\r\n', '\r\nDropped: 3\r\n\r\n'))
  expect(text(0)).toBe(plain)
})

describe('what has happened by then is told', () => {
  const lines = (received: string) => messagesIn(received).map(({ command, arguments: [word] }) => `${command} ${word}`)
  const said = ['OK AUTH_OK', 'OK SUBSCRIBED', 'OK MOVING_TO(1,', 'EVENT STARTED']
  it.each([
    { what: 'to whom UNSUBSCRIBE follows in the same read', last: 'UNSUBSCRIBE OPS', answer: 'OK UNSUBSCRIBED' },
    { what: 'before BYE', last: 'QUIT', answer: 'OK BYE' },
    { what: 'before a fatal error', last: 'NOTE\0', answer: 'ERR PARSE' },
  ])('$what (F5, R3)', async ({ last, answer }) => {
    const { join } = await start()
    const { pilot } = await join()
    await pilot.ask(`HELLO\n\nSUBSCRIBE OPS\n\nMOVE 1 1\n\n${last}\n\n`, `${answer}\r\n`)
    expect(lines(pilot.received).slice(1)).toEqual([...said, answer])
  })
})

it.each([1, 300, 600])('what has happened by the end of the input is told, after %i MOVEs in a row', async (count) => {
  const { join } = await start()
  const { pilot } = await join()
  const moves = Array.from({ length: count }, (_, index) => `MOVE ${index + 1} 0\n\n`).join('')
  pilot.socket.end(`HELLO\n\nSUBSCRIBE OPS\n\n${moves}`)
  const names = eventsIn(await pilot.ended).map(({ name }) => name)
  expect(names.filter((name) => name === 'STARTED')).toHaveLength(count)
  expect(names.filter((name) => name === 'CANCELLED')).toHaveLength(count - 1)
})

describe('what has happened by then is told, with a flight recorder', () => {
  const startRecorded = async () => {
    const { options } = recorded()
    return { ...(await start(options)), clock: options.clock }
  }
  const ids = (received: string) =>
    messagesIn(received).flatMap(({ headers }) => headers.filter(([key]) => key === 'Id'))
  const pings = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => `PING\nId: ${name}${index}\n\n`).join('')

  it('in the midst of a turn that is full: what stands behind waits for its own', async () => {
    const { join } = await startRecorded()
    const { pilot } = await join()
    const input = `HELLO\n\nSUBSCRIBE OPS\n\n${pings(900, 'a')}MOVE 1 1\nId: m\n\nUNSUBSCRIBE\nId: u\n\n${pings(5, 'b')}`
    await pilot.ask(input, 'Id: b4\r\n\r\n')
    const told = messagesIn(pilot.received).map(({ command, arguments: [word], headers }) =>
      command === 'EVENT' ? word : headers.find(([key]) => key === 'Id')?.[1],
    )
    expect(told.slice(903)).toEqual(['m', 'STARTED', 'u', 'b0', 'b1', 'b2', 'b3', 'b4'])
  })

  it.each([130, 150, 600])('all of it, from %i MOVEs in a row, whichever turns they fall into', async (count) => {
    const { join } = await startRecorded()
    const { pilot } = await join()
    const moves = Array.from({ length: count }, (_, index) => `MOVE ${100_000 + index} 5\n\n`).join('')
    await pilot.ask(`HELLO\n\nSUBSCRIBE OPS\n\n${moves}UNSUBSCRIBE\nId: u\n\n`, 'Id: u')
    const seqs = eventsIn(pilot.received).map(({ 'Event-Seq': seq }) => Number(seq))
    expect(seqs).toEqual(Array.from({ length: 2 * count - 1 }, (_, index) => index + 1))
  })

  it('while another session has much to be answered', async () => {
    const { joinGreeted } = await startRecorded()
    const { pilot: other } = await joinGreeted()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    const answered = other.ask(pings(3000, 'o'), 'Id: o2999\r\n\r\n')
    await pilot.ask('MOVE 1 1\nId: m\n\nQUIT\nId: q\n\n', 'Id: q\r\n\r\n')
    expect(pilot.received).toMatch(/Id: m\r\n\r\nEVENT STARTED\r\n(.+\r\n)+\r\nOK BYE\r\nId: q\r\n\r\n$/)
    await answered
    expect(
      ids(other.received)
        .slice(-3000)
        .map(([, id]) => id),
    ).toEqual(Array.from({ length: 3000 }, (_, i) => `o${i}`))
  })

  it('where only one topic is left: once, in its order', async () => {
    const { joinGreeted, clock } = await startRecorded()
    const { pilot } = await joinGreeted('SUBSCRIBE OPS', 'SUBSCRIBE CONTROL', 'SUBSCRIBE LINK')
    await pilot.ask('MOVE 1 1\n\nUNSUBSCRIBE LINK\n\nMOVE 2 2\n\nPING\nId: end\n\n', 'Id: end')
    clock.advance(100)
    await pilot.ask('PING\nId: later\n\n', 'Id: later')
    expect(eventsIn(pilot.received).map(({ name, 'Event-Seq': seq }) => `${name} ${seq}`)).toEqual([
      'STARTED 1',
      'CANCELLED 2',
      'STARTED 3',
      'ARRIVED 4',
    ])
  })

  it('also where the drone is where no number is: that event alone is lost', async () => {
    const { options } = recorded()
    const { clock, drone } = options
    const log = recordLog()
    const { joinGreeted } = await start({ ...options, logger: log.logger })
    const { pilot } = await joinGreeted('SUBSCRIBE OPS')
    const telemetry = drone.telemetry.bind(drone)
    await pilot.ask('MOVE 100 0\n\nPING\nId: moved\n\n', 'Id: moved')
    Object.assign(drone, { telemetry: () => ({ ...telemetry(), position: { xM: Number.NaN, yM: 0, zM: 0 } }) })
    clock.advance(2000)
    Object.assign(drone, { telemetry })
    await pilot.ask('MOVE 0 0\n\nPING\nId: end\n\n', 'Id: end')
    expect(eventsIn(pilot.received).map(({ name }) => name)).toEqual(['STARTED', 'STARTED'])
    expect(log.of('an event cannot be told')).toHaveLength(1)
  })
})

describe('a drone that says what is no telemetry', () => {
  const broken = {
    NaN: () => ({ ...good(), position: { xM: Number.NaN, yM: 0, zM: 0 } }),
    'a text of two lines': () => ({ ...good(), text: 'one\r\ntwo' }),
    'nothing, but throws': () => {
      throw new Error('no telemetry')
    },
  }
  const good = () => new SimulatedDrone(new FakeClock()).telemetry()

  it.each(Object.entries(broken))('%s, costs that event, and is told in the log', async (_, telemetry) => {
    const log = recordLog()
    const { joinGreeted, clock, drone } = await start({ logger: log.logger })
    await joinGreeted('SUBSCRIBE TELEMETRY 10')
    const { pilot } = await joinGreeted('SUBSCRIBE TELEMETRY 10', 'SUBSCRIBE OPS')
    const right = drone.telemetry.bind(drone)
    Object.assign(drone, { telemetry })
    clock.advance(1000)
    await pilot.ask('PING\nId: still\n\n', 'Id: still')
    expect(eventsIn(pilot.received)).toEqual([])
    // Once each time, from the first on, however many there are to be told.
    expect(log.of('an event cannot be told')).toHaveLength(11)
    Object.assign(drone, { telemetry: right })
    clock.advance(100)
    await pilot.until('EVENT TELEMETRY')
  })
})
