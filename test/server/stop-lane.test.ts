import { describe, expect, it, vi } from 'vitest'
import type { Drone } from '../../src/drone/drone.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'
import type { Pilot } from '../support/pilot.ts'
import { type Scene, startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 15_000 })

const HELPS = 16_000
/** More replies than the kernel has room for, and more to read than is read ahead. */
const FLOOD = `HELP\nNote: ${'x'.repeat(100)}\n\n`.repeat(HELPS)
const SECOND_MS = 1000
const LINGER_MS = 1000

async function joinGreeted({ join }: Scene) {
  const joined = await join()
  await joined.pilot.ask('HELLO\n\n', 'AUTH_OK')
  return joined
}

/** A header of what STATUS tells one who looks on. */
async function tell(pilot: Pilot, header: string): Promise<string | undefined> {
  const from = pilot.received.length
  await pilot.ask('STATUS\nId: s\n\n', 'Id: s\r\n\r\n')
  return new RegExp(`\r\n${header}: (.*)\r\n`).exec(pilot.received.slice(from))?.[1]
}

async function start() {
  const clock = new FakeClock()
  const drone = new SimulatedDrone(clock)
  const scene = await startScene({ clock, drone })
  const { pilot, peer, gone } = await joinGreeted(scene)
  const { pilot: other } = await joinGreeted(scene)
  return { ...scene, clock, drone, pilot, peer, gone, other, state: () => tell(other, 'State') }
}

describe('behind a WAIT', () => {
  it('what stops runs, also behind mistakes that end the session, whose last word says so', async () => {
    const { pilot, state } = await start()
    pilot.send(`MOVE 100000 0\n\nWAIT\n\n${'FOO\n\n'.repeat(10)}STOP\n\nLAND\n\nPING\n\n`)
    await pilot.ended
    expect(pilot.replies.at(-1)).toBe('ERR TOO_MANY_ERRORS')
    expect(pilot.received).toMatch(/Hint: .*; of what followed only STOP, LAND was run\r\n\r\n$/)
    expect(await state()).toBe('landed')
  })

  it('what is answered before the session ends is not told of again', async () => {
    const { pilot } = await start()
    pilot.send(`MOVE 100000 0\n\nWAIT\n\nSTOP\n\n${'FOO\n\n'.repeat(10)}PING\n\n`)
    await pilot.ended
    expect(pilot.received).toMatch(/Hint: .*nothing that followed was run\r\n\r\n$/)
  })

  it.each([
    { command: 'STOP', is: 'hovering', wait: 'ERR CANCELLED', reply: 'OK STOPPED' },
    // The WAIT is for wherever the drone was last told to be.
    { command: 'LAND', is: 'landed', wait: 'OK ARRIVED', reply: 'OK LANDING' },
    { command: 'EMERGENCY sim', is: 'landed', wait: 'ERR CANCELLED', reply: 'OK MOTORS_OFF' },
  ])('$command ends what is awaited and all motion that had come, and is answered in its place', async (row) => {
    const { command, is, wait, reply } = row
    const { pilot, peer, state, clock, other } = await start()
    await pilot.ask('MOVE 100000 0 0\n\nWAIT\nId: w\n\nMOVE 0 0\nId: m\n\nPING\n\n', 'MOVING_TO')
    clock.advance(SECOND_MS)
    const { bytesRead } = peer
    const input = `${command}\nId: urgent\n\nPING\nId: last\n\n`
    pilot.send(input)
    await until(() => peer.bytesRead === bytesRead + input.length)
    clock.advance(1)
    await pilot.until('Id: last')
    const behind = [wait, 'ERR CANCELLED', 'OK PONG', expect.stringContaining(reply), 'OK PONG']
    expect(pilot.replies.slice(3)).toEqual(behind)
    expect(await state()).toBe(is)
    expect(await tell(other, 'X')).toBe('100')
  })

  it('STOP lets what follows it fly', async () => {
    const { pilot, clock, state } = await start()
    await pilot.ask('MOVE 100000 0\n\nWAIT\n\nMOVE 5 5\n\nSTOP\n\nMOVE 100 0\nId: m\n\n', 'Id: m')
    expect(pilot.replies.slice(3)).toEqual(['ERR CANCELLED', 'ERR CANCELLED', 'OK STOPPED', 'OK MOVING_TO(100, 0)'])
    clock.advance(SECOND_MS)
    expect(await state()).toBe('hovering')
  })

  it('STOP may be said any number of times', async () => {
    const { pilot, state } = await start()
    await pilot.ask(`MOVE 100000 0\n\nWAIT\n\n${'STOP\n\n'.repeat(20)}PING\n\n`, 'PONG')
    expect(pilot.replies.filter((reply) => reply === 'OK STOPPED')).toHaveLength(20)
    expect(await state()).toBe('hovering')
  })

  it('LAND said twice is one operation', async () => {
    const { pilot, peer, clock } = await start()
    const input = 'MOVE 0 0 500\n\nWAIT\n\nLAND\n\nLAND\n\nPING\n\n'
    const { bytesRead } = peer
    pilot.send(input)
    await until(() => peer.bytesRead === bytesRead + input.length)
    clock.advance(10 * SECOND_MS)
    await pilot.until('PONG')
    expect([...pilot.received.matchAll(/LANDING\r\nOp: (\d+)/g)].map(([, op]) => op)).toEqual(['2', '2'])
  })

  it('a STOP that was only begun stops nothing', async () => {
    const { pilot, peer, state } = await start()
    await pilot.ask('MOVE 100000 0\n\nWAIT\n\n', 'MOVING_TO')
    const { bytesRead } = peer
    pilot.send('STOP\n')
    await until(() => peer.bytesRead === bytesRead + 5)
    expect(await state()).toBe('moving')
    await pilot.ask('\n', 'OK STOPPED')
    expect(await state()).toBe('hovering')
  })
})

describe('of another session', () => {
  it('STOP cancels the WAIT and the motion that is queued in the first', async () => {
    const { pilot, peer, other, state } = await start()
    const input = 'MOVE 100000 0\n\nWAIT\n\nMOVE 1 1\n\nTAKEOFF\n\nWRITE hi\n\nPING\nId: last\n\n'
    const { bytesRead } = peer
    pilot.send(input)
    await until(() => peer.bytesRead === bytesRead + input.length)
    await pilot.until('MOVING_TO')
    await other.ask('STOP\n\n', 'OK STOPPED')
    await pilot.until('Id: last')
    const cancelled = ['ERR CANCELLED', 'ERR CANCELLED', 'ERR CANCELLED']
    expect(pilot.replies.slice(3)).toEqual([...cancelled, 'OK WRITTEN', 'OK PONG'])
    expect(await state()).toBe('hovering')
    await pilot.ask('MOVE 7 7\n\n', 'MOVING_TO(7, 7)')
  })
})

/** Has a pilot read again, up to the last reply. Of megabytes it looks at each but once. */
async function readOn(pilot: Pilot): Promise<void> {
  const chunks: Buffer[] = []
  pilot.socket
    .removeAllListeners('data')
    .on('data', (chunk) => void chunks.push(chunk))
    .resume()
  await until(() => Buffer.concat(chunks.slice(-2)).includes('Id: last'))
  pilot.received += Buffer.concat(chunks).toString('latin1')
}

describe('of one that does not take its replies', () => {
  it.each([
    { command: 'STOP', is: 'hovering' },
    { command: 'EMERGENCY sim', is: 'landed' },
  ])('$command is found and run all the same', async ({ command, is }) => {
    const { pilot, peer, state } = await start()
    await pilot.ask('MOVE 1000000 0\n\n', 'MOVING_TO')
    pilot.socket.pause()
    // So much that it waits for the client, and little more: what is read ahead has its bound.
    const block = 'HELP\n\n'.repeat(100)
    while (peer.writableLength <= 64 * 1024) {
      const { bytesRead } = peer
      pilot.send(block)
      await until(() => peer.bytesRead === bytesRead + block.length)
    }
    expect(await state()).toBe('moving')
    pilot.send(`MOVE 0 0\nId: m\n\n${command}\nId: urgent\n\nPING\nId: last\n\n`)
    let last = await state()
    while (last === 'moving') last = await state()
    expect(last).toBe(is)
    expect(peer.writableLength).toBeGreaterThan(64 * 1024)
    await readOn(pilot)
    expect(pilot.replies.slice(-3, -1)).toEqual(['ERR CANCELLED', expect.stringMatching(/^OK (STOPPED|MOTORS_OFF)/)])
  })

  it('answers that come later do not pile up, for all that is read ahead', async () => {
    const { drone, pilot, peer, other } = await start()
    vi.spyOn(drone as Drone, 'show').mockImplementation(async () => undefined)
    pilot.socket.pause()
    pilot.send(`${'HELP\n\n'.repeat(30)}WRITE a\n\n`.repeat(1000))
    await until(() => peer.writableLength > 64 * 1024)
    for (let round = 0; round < 100; round++) await other.ask('PING\n\n', 'OK PONG')
    expect(peer.writableLength).toBeLessThan(256 * 1024)
  })

  it('what is read ahead has a bound, and all is answered once it reads again', async () => {
    const { pilot, peer, other } = await start()
    pilot.socket.pause()
    pilot.send(`${FLOOD}PING\nId: last\n\n`)
    await until(() => peer.isPaused() && peer.writableLength > 64 * 1024)
    const read = async () => {
      for (let round = 0; round < 50; round++) await other.ask('PING\n\n', 'OK PONG')
      return peer.bytesRead
    }
    const still = await read()
    expect(await read()).toBe(still)
    // What is answered, what is read ahead, and what Node itself has read.
    expect(still).toBeLessThan(FLOOD.length)
    await readOn(pilot)
    expect(pilot.received.split('OK HELP')).toHaveLength(HELPS + 1)
  })
})

describe('of a server that ends', () => {
  it.each([
    { moment: 'within the message', before: 'MOVE 1 2\n\nST', after: 'OP\n\n' },
    { moment: 'behind motion, which is not run', before: '', after: 'MOVE 1 2\n\nSTOP\n\n' },
    { moment: 'behind more than is read ahead', before: '', after: `${'MOVE 1 2\n\n'.repeat(20_000)}STOP\n\n` },
  ])('STOP stops the drone while it lingers: $moment', async ({ before, after }) => {
    const { server, drone, pilot, peer, other, clock } = await start()
    await pilot.ask('MOVE 100000 0\n\nWAIT\n\n', 'MOVING_TO')
    const { bytesRead } = peer
    pilot.send(before)
    await until(() => peer.bytesRead === bytesRead + before.length)
    const [hover, moveTo] = [vi.spyOn(drone, 'hover'), vi.spyOn(drone, 'moveTo')]
    const closed = server.close()
    await Promise.all([pilot.ended, other.ended])
    expect(hover).not.toHaveBeenCalled()
    pilot.send(after)
    await until(() => hover.mock.calls.length === 1)
    expect(pilot.replies.at(-1)).toBe('ERR SHUTTING_DOWN')
    clock.advance(LINGER_MS)
    await closed
    expect(moveTo).not.toHaveBeenCalled()
  })

  it('goes down in time under a flood of what it does not run any more', async () => {
    const { server, pilot, other, clock } = await start()
    pilot.socket.pause()
    pilot.send(FLOOD)
    const closed = server.close()
    await other.ended
    pilot.send(FLOOD)
    pilot.socket.resume()
    await pilot.ended
    pilot.send(FLOOD)
    clock.advance(LINGER_MS)
    await closed
    expect(pilot.replies.at(-1)).toBe('ERR SHUTTING_DOWN')
  })
})
