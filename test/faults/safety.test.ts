import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { CrewMember, enlist, header } from '../support/crew-member.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { readChain } from '../support/recorded-chain.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

/** So long a pilot may be silent, and so old what he says may be, in milliseconds. */
const LEASE_MS = 1000
const TTL_MS = 100
/** As many as are on their way at 20 a second when a link comes back after some 12 seconds. */
const BURST = 250
/** A burst to here would be seen, in centimetres. */
const STALE_Y = 50_000
/** So many commands are always under way, of each pilot; and so many have been answered before the server is killed. */
const WINDOW = 40
const ANSWERED = 300
/** The proxies' chance. */
const SEED = Date.now() % 2 ** 32

const [alice, bob, olga] = [enlist('alice', 'pilot'), enlist('bob', 'pilot'), enlist('olga', 'observer')]
const OPS = ['STARTED', 'ARRIVED', 'FAILED', 'CANCELLED']

/** A server in a process of its own, behind a bad network, and another whose cable somebody pulls. */
async function start(folder: string) {
  const tokens = join(folder, 'tokens')
  writeFileSync(tokens, alice.line + bob.line + olga.line, { mode: 0o600 })
  const record = ['--record', join(folder, 'flight'), '--record-sync', '0']
  const safety = ['--control', 'exclusive', '--land-after', '10m', '--token-file', tokens]
  const { program, address } = await serveSkyline([...record, ...safety])
  const bad = { latency: { latencyMs: 1, jitterMs: 2 }, slicer: { maxBytes: 500 } }
  const network = await FaultProxy.start({
    port: address.port,
    seed: SEED,
    route: () => ({ upstream: bad, downstream: bad }),
  })
  const cable = await FaultProxy.start({ port: address.port, seed: SEED })
  const enter = (name: string, { token }: { token: string }, proxy: FaultProxy, ...headers: string[]) =>
    CrewMember.join(name, proxy.port, `Token: ${token}`, ...headers)
  return { program, network, cable, enter }
}

type Server = Awaited<ReturnType<typeof start>>

const place = (status: string) => ['State', 'X', 'Y', 'Z'].map((key) => header(status, key))

/** A pilot whose link is frozen for longer than his lease, and then delivers all that he has said meanwhile. */
async function freeze({ cable }: Server, pilot: CrewMember, observer: CrewMember): Promise<void> {
  expect(await pilot.ask('MOVE 100000 0\nSpeed: 1000')).toMatch(/^OK MOVING_TO/)
  cable.freeze()
  const sentMs = performance.now()
  for (let x = 0; x < BURST; x++) pilot.say(`MOVE ${x} ${STALE_Y}\nSent: ${ageOf(pilot)}\nTtl: ${TTL_MS}`)
  // He may have been missed before that, where this machine is busy; in the end he is.
  await until(() => header(observer.events('LEASE').at(-1) ?? '', 'State') === 'lost')
  await until(() => performance.now() > sentMs + 2 * TTL_MS)
  const lost = place(await observer.ask('STATUS'))
  expect(lost[0]).toBe('hovering')
  cable.unfreeze()
  await until(() => pilot.outstanding === 0)
  expect(pilot.replies.slice(-BURST).filter((reply) => !reply.startsWith('ERR EXPIRED\r\n'))).toEqual([])
  expect(place(await observer.ask('STATUS'))).toEqual(lost)
  expect(observer.events('LEASE').map((event) => header(event, 'State'))).toContain('regained')
  expect(observer.events('STARTED').map((event) => header(event, 'X'))).toEqual(['100000'])
  // What is not old flies.
  expect(await pilot.ask(`MOVE 0 0\nSent: ${ageOf(pilot)}\nTtl: 60000`)).toMatch(/^OK MOVING_TO/)
}

/** How long a session is old by its client's clock. */
const ageOf = ({ greetedMs }: CrewMember) => Math.round(performance.now() - greetedMs)

/** One who has control, one who would like to, and one who looks. */
async function contend(holder: CrewMember, other: CrewMember, observer: CrewMember): Promise<void> {
  expect(header(await other.ask('MOVE 1 1'), 'Holder')).toBe('alice')
  expect(await other.ask('ACQUIRE\nForce: yes')).toMatch(/^ERR FORBIDDEN/)
  expect(await observer.ask('MOVE 1 1')).toMatch(/^ERR FORBIDDEN/)
  expect(await observer.ask('STOP')).toMatch(/^OK STOPPED/)
  expect(await holder.ask('RELEASE')).toMatch(/^OK RELEASED/)
  expect(await other.ask('ACQUIRE')).toMatch(/^OK ACQUIRED/)
}

/** Always has so many messages under way. */
function load(member: CrewMember, message: (number: number) => string): void {
  let number = 0
  const fill = () => {
    for (let free = WINDOW - member.outstanding; free > 0; free--) member.say(message(++number))
  }
  member.pilot.socket.on('data', fill)
  fill()
}

/** A server that is killed while two pilots wait for its replies. */
async function kill({ program }: Server, mover: CrewMember, writer: CrewMember): Promise<void> {
  const before = [mover, writer].map(({ replies }) => replies.length + ANSWERED)
  load(mover, (number) => `MOVE ${number * 10} ${(number % 7) * 100} 300 1000\nKey: leg-${number}`)
  load(writer, (number) => `WRITE ${number}`)
  await until(() => [mover, writer].every(({ replies }, index) => replies.length >= Number(before[index])))
  program.child.kill('SIGKILL')
  await program.exit
  await until(() => [mover, writer].every(({ pilot }) => pilot.socket.readableEnded || pilot.socket.destroyed))
}

/** What anybody was told that it was done, and no record tells of. */
function missing(folder: string, crew: Readonly<Record<string, CrewMember>>): readonly string[] {
  const recorded = new Set(readChain(folder).map(({ identity, reply }) => `${identity}: ${reply}`))
  return Object.entries(crew).flatMap(([name, { replies }]) =>
    replies.map((reply) => `${name}: ${reply}\r\n\r\n`).filter((reply) => !recorded.has(reply)),
  )
}

async function expectWhole(folder: string): Promise<void> {
  const [verdict, replay] = await Promise.all(
    ['verify', 'replay'].map((what) => runSkyline(['recorder', what, folder]).exit),
  )
  expect(verdict).toMatchObject({ code: 0, stderr: '' })
  expect(verdict?.stdout).toMatch(/, chain whole\n$/)
  expect(replay?.stdout).toMatch(/\nsame as the state of record \d+\n$/)
  expect(replay).toMatchObject({ code: 0, stderr: '' })
}

it(`a flight with all that can go wrong ends as it is recorded (seed ${SEED})`, async () => {
  const folder = temporaryFolder()
  const flight = join(folder, 'flight')

  const server = await start(folder)
  const observer = await server.enter('olga', olga, server.network)
  const slow = await server.enter('slow', olga, server.network)
  for (const member of [observer, slow]) for (const topic of ['OPS', 'CONTROL']) await member.ask(`SUBSCRIBE ${topic}`)
  await slow.ask('SUBSCRIBE TELEMETRY 50')
  slow.pilot.socket.pause()
  const pilot = await server.enter('alice', alice, server.cable, `Lease: ${LEASE_MS}`)
  const other = await server.enter('bob', bob, server.network)

  await freeze(server, pilot, observer)
  await contend(pilot, other, observer)
  slow.pilot.socket.resume()
  const told = () => [slow, observer].map((member) => member.events(...OPS, 'CONTROL', 'LEASE'))
  await until(() => told()[0]?.length === told()[1]?.length)
  expect(told()[0]).toEqual(told()[1])
  slow.pilot.socket.pause()

  await kill(server, other, pilot)
  expect(missing(flight, { alice: pilot, bob: other, olga: observer })).toEqual([])
  const {
    x = Number.NaN,
    y = Number.NaN,
    z = Number.NaN,
  } = readChain(flight).findLast(({ state }) => state)?.state ?? {}
  await expectWhole(flight)

  const again = await start(folder)
  const back = await again.enter('alice', alice, again.network)
  const watching = await again.enter('olga', olga, again.network)
  const centimetres = [x, y, z].map((metres) => String(Math.round(metres * 100)))
  expect(place(await back.ask('STATUS'))).toEqual(['hovering', ...centimetres])
  await watching.ask('SUBSCRIBE OPS')
  const far = back.ask('MOVE 1000000 0\nWait: yes')
  await until(() => watching.events('STARTED').length > 0)
  expect(await watching.ask('STOP')).toMatch(/^OK STOPPED/)
  expect(await far).toMatch(/^ERR CANCELLED/)
  const stopped = place(await watching.ask('STATUS'))

  again.program.child.kill('SIGTERM')
  for (const member of [back, watching]) {
    await member.pilot.ended
    member.pilot.socket.end()
  }
  expect(await again.program.exit).toMatchObject({ code: 0 })
  await expectWhole(flight)
  const last = readChain(flight).findLast(({ state }) => state)?.state
  expect([last?.x, last?.y, last?.z].map((metres) => String(Math.round(Number(metres) * 100)))).toEqual(
    stopped.slice(1),
  )
})
