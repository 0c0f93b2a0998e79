import { describe, expect, it, vi } from 'vitest'
import type { Role } from '../../src/commands/command.ts'
import { type Credentials, createEntry } from '../../src/server/identities.ts'
import { settled, startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const MINUTE_MS = 60_000
const KEPT_MS = 10 * MINUTE_MS

/** Named people, and what each says in HELLO. */
function people(...named: readonly (readonly [name: string, role: Role])[]) {
  const made = named.map(([name, role]) => createEntry(name, role))
  const credentials: Credentials = { kind: 'named', entries: made.map(({ entry }) => entry) }
  return { credentials, hellos: made.map(({ token }) => `Token: ${token}`) }
}

describe('a command with a Key', () => {
  it('runs once, whichever connection it comes over, and has the same reply', async () => {
    const { fly, drone } = await startFlying()
    const [one, other] = [await fly(), await fly()]
    const moveTo = vi.spyOn(drone, 'moveTo')
    const first = await one.ask('MOVE 100 0\nKey: a')
    expect(first).toMatch(/^OK MOVING_TO\(100, 0\)\r\nX: 100\r\nY: 0\r\nOp: 1$/)
    const replayed = `${first}\r\nReplayed: yes`
    expect(await one.ask('MOVE 100 0\nKey: a')).toBe(replayed)
    expect(await other.ask('MOVE\nY: 0\nX: 100\nkey: a\nTtl: 1\nSent: 0')).toBe(replayed)
    one.pilot.socket.resetAndDestroy()
    await one.gone
    expect(await (await fly()).ask('MOVE 100 0 \nKey: a')).toBe(replayed)
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('is not the same where it asks for something else', async () => {
    const { fly, drone } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0\nKey: a')
    const moveTo = vi.spyOn(drone, 'moveTo')
    for (const other of ['MOVE 101 0', 'MOVE 100 0 0', 'MOVE 100 0\nSpeed: 99', 'LAND', 'PING', 'STATUS'])
      expect(await flyer.ask(`${other}\nKey: a`)).toMatch(/^ERR KEY_CONFLICT\r\n(.*\r\n)*Param: Key/)
    expect(await flyer.ask('MOVE 100 0\nKey: A')).toMatch(/Op: 2$/)
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('is tried out as what it is: conflict or not', async () => {
    const { fly } = await startFlying({ fence: { radiusM: 5 } })
    const flyer = await fly()
    await flyer.ask('MOVE 7 7\nKey: d')
    expect(await flyer.ask('MOVE 7 8\nKey: d\nDry-Run: yes')).toMatch(/^ERR KEY_CONFLICT/)
    expect(await flyer.ask('MOVE 7 7\nKey: d\nDry-Run: yes')).toMatch(/^OK CHECKED/)
    expect(await flyer.ask('MOVE 700 7\nKey: e\nDry-Run: yes')).toMatch(/^ERR OUT_OF_FENCE/)
    expect(await flyer.ask('MOVE 7 8\nKey: e')).toMatch(/^OK MOVING_TO/)
  })

  it('leads to its operation where that is asked for in the session that it came to, whatever had the number there', async () => {
    const { fly, clock } = await startFlying()
    const [one, other] = [await fly(), await fly()]
    await other.ask('MOVE 1 0')
    clock.advance(1000)
    const sent = 'MOVE 500 0\nSpeed: 100\nKey: a'
    const first = await one.ask(sent)
    expect(first).toMatch(/Op: 1$/)
    expect(await other.ask(sent)).toBe(`${first}\r\nReplayed: yes`)
    await other.say('WAIT\nOp: 1\nTimeout: 100\n\n')
    await settled()
    clock.advance(100)
    await other.pilot.until('ERR TIMEOUT')
    clock.advance(5000)
    expect(await other.ask('WAIT\nOp: 1')).toMatch(/^OK ARRIVED\r\nX: 500/)
    expect(await other.ask(sent)).toBe(`${first}\r\nReplayed: yes`)
    expect(await other.ask('WAIT\nOp: 1')).toMatch(/^OK ARRIVED/)
    expect(await other.ask('MOVE 1 0')).toMatch(/Op: 2$/)
  })

  it('leaves a number to the operation that is under way by it, and the numbers behind its own to those to come', async () => {
    const { fly, clock } = await startFlying()
    const [one, other, third] = [await fly(), await fly(), await fly()]
    const sent = 'MOVE 500 0\nKey: a'
    await one.ask(sent)
    expect(await other.ask('MOVE 0 100000')).toMatch(/Op: 1$/)
    expect(await other.ask(sent)).toMatch(/Op: 1\r\nReplayed: yes$/)
    await other.say('WAIT\nOp: 1\nTimeout: 100\n\n')
    await settled()
    clock.advance(100)
    await other.pilot.until('ERR TIMEOUT')
    expect(await third.ask(sent)).toMatch(/Op: 1\r\nReplayed: yes$/)
    expect(await third.ask('MOVE 1 0')).toMatch(/Op: 2$/)
    expect(await third.ask('WAIT\nOp: 1')).toMatch(/^ERR CANCELLED/)
  })

  it('is not run when it is sent again after a STOP has cancelled it before its turn', async () => {
    const { fly, drone } = await startFlying()
    const [one, other] = [await fly(), await fly()]
    const moveTo = vi.spyOn(drone, 'moveTo')
    await one.say('MOVE 100000 0\nWait: yes\n\nMOVE 0 300\nKey: k\nId: queued\n\n')
    await other.ask('STOP')
    await one.pilot.until('Id: queued')
    expect(await one.ask('MOVE 0 300\nKey: k')).toMatch(/^ERR CANCELLED\r\n(.*\r\n)*Replayed: yes$/)
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('is another with the Key of another identity', async () => {
    const { credentials, hellos } = people(['alice', 'pilot'], ['bob', 'pilot'])
    const { fly } = await startFlying({ credentials })
    const [alice, bob] = [await fly(hellos[0] as string), await fly(hellos[1] as string)]
    expect(await alice.ask('MOVE 100 0\nKey: a')).toMatch(/Op: 1$/)
    expect(await bob.ask('WRITE hi\nKey: a')).toBe('OK WRITTEN\r\nBytes: 2')
    expect(await (await fly(hellos[0] as string)).ask('MOVE 100 0\nKey: a')).toMatch(/Op: 1\r\nReplayed: yes$/)
  })

  it('may run again after 10 minutes', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0\nKey: a')
    clock.advance(KEPT_MS - 1)
    expect(await flyer.ask('MOVE 100 0\nKey: a')).toMatch(/Op: 1\r\nReplayed: yes$/)
    clock.advance(1)
    expect(await flyer.ask('MOVE 100 0\nKey: a')).toMatch(/Op: 2$/)
  })

  it('may run again where it was certainly not run', async () => {
    const { fly, clock, drone } = await startFlying({ fence: { radiusM: 5 } })
    const flyer = await fly()
    drone.setLink('lost')
    await flyer.ask('MOVE 100 0\nKey: lost')
    drone.setLink('regained')
    // The drone may have heard of it.
    expect(await flyer.ask('MOVE 100 0\nKey: lost')).toMatch(/^ERR LINK_LOST(.*\r\n)*Replayed: yes/s)
    expect(await flyer.ask('WAIT\nOp: 1\nKey: b')).toMatch(/^ERR BAD_ARGUMENT/)
    expect(await flyer.ask('WAIT\nKey: b')).toBe('OK ARRIVED\r\nX: 0\r\nY: 0\r\nZ: 0')
    clock.advance(10)
    expect(await flyer.ask('MOVE 1 0\nKey: c\nTtl: 1\nSent: 0')).toMatch(/^ERR EXPIRED/)
    expect(await flyer.ask('MOVE 1 0\nKey: c')).toMatch(/^OK MOVING_TO/)
  })

  it('waits for the answer of the one that runs', async () => {
    const { fly, clock, drone } = await startFlying()
    const [one, other] = [await fly(), await fly()]
    const moveTo = vi.spyOn(drone, 'moveTo')
    await one.say('MOVE 100 0\nKey: a\nWait: yes\nId: one\n\n')
    await other.say('MOVE 100 0\nKey: a\nWait: yes\nId: other\n\nPING\n\n')
    await settled()
    expect(other.pilot.replies.at(-1)).toBe('OK AUTH_OK')
    clock.advance(1000)
    await one.pilot.until('Id: one')
    const received = await other.pilot.until('PONG')
    expect(received).toContain('OK MOVING_TO(100, 0)\r\nX: 100\r\nY: 0\r\nOp: 1\r\nReplayed: yes\r\nId: other')
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('tells who comes back how it ended, where the connection was lost meanwhile', async () => {
    const { fly, clock, drone } = await startFlying()
    const one = await fly()
    const moveTo = vi.spyOn(drone, 'moveTo')
    await one.say('MOVE 100 0\nKey: a\nWait: yes\n\n')
    one.pilot.socket.resetAndDestroy()
    await one.gone
    const other = await fly()
    await other.say('MOVE 100 0\nKey: a\nWait: yes\nId: other\n\n')
    await settled()
    clock.advance(1000)
    const told = await other.pilot.until('Id: other')
    expect(told).toContain('OK MOVING_TO(100, 0)\r\nX: 100\r\nY: 0\r\nOp: 1\r\nReplayed: yes\r\nId: other')
    expect(moveTo).toHaveBeenCalledTimes(1)
  })

  it('never ends the session of one who comes back', async () => {
    const { fly, clock } = await startFlying()
    const one = await fly()
    await one.ask('MOVE 100 0')
    await one.say('WAIT\nKey: a\n\n')
    one.pilot.socket.resetAndDestroy()
    await one.gone
    const other = await fly()
    await other.say('WAIT\nKey: a\nId: a\n\nPING\n\n')
    await settled()
    clock.advance(1000)
    expect(await other.pilot.until('Id: a')).not.toContain('CONNECTION_CLOSED')
    await other.pilot.until('PONG')
  })

  it('is of the stop lane, if it is STOP, and stops once', async () => {
    const { fly, drone } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100000 0')
    const hover = vi.spyOn(drone, 'hover')
    await flyer.say('WAIT\n\nSTOP\nKey: s\nId: 1\n\nSTOP\nKey: s\nId: 2\n\n')
    const told = await flyer.pilot.until('Id: 2')
    expect(told).toMatch(/OK STOPPED(\r\n.: \d+){3}\r\nId: 1\r\n/)
    expect(told).toMatch(/OK STOPPED(\r\n.: \d+){3}\r\nReplayed: yes\r\nId: 2\r\n/)
    expect(hover).toHaveBeenCalledTimes(1)
  })

  it.each([{ where: 'ahead of a WAIT' }, { where: 'in its turn' }])(
    'cancels nothing that came behind it, if it is a STOP that comes again: $where',
    async ({ where }) => {
      const { fly, clock } = await startFlying()
      const [flyer, other] = [await fly(), await fly()]
      await flyer.ask('STOP\nKey: s')
      for (const each of [flyer, other]) {
        await each.ask('MOVE 100 0')
        await each.say(`WAIT\n\n${each === flyer ? '' : 'MOVE 0 0\n\n'}`)
      }
      const again = where === 'in its turn' ? await fly() : flyer
      await again.say('STOP\nKey: s\n\n')
      await settled()
      clock.advance(1000)
      await other.ask('PING')
      expect(other.pilot.replies.slice(3)).toEqual(['OK ARRIVED', 'OK MOVING_TO(0, 0)', 'OK PONG'])
    },
  )

  it('before HELLO lets nobody in', async () => {
    const { credentials, hellos } = people(['alice', 'pilot'])
    const { server, fly, join } = await startFlying({ credentials })
    const [hello = ''] = hellos
    const alice = await fly(hello, 'Key: h')
    expect(alice.pilot.replies.at(-1)).toBe('OK AUTH_OK')
    const again = await fly(hello, 'Key: h')
    expect(await again.ask('MOVE 1 2')).toMatch(/^OK MOVING_TO/)
    const { pilot } = await join()
    await pilot.ask('HELLO wrong\nKey: h\n\n', 'ERR AUTH_FAILED')
    server.renew({ credentials: { kind: 'named', entries: [] } })
    expect(await pilot.ask(`HELLO\n${hello}\nKey: h\n\n`, '\r\n\r\n')).toMatch(/ERR AUTH_FAILED.*ERR AUTH_FAILED/s)
  })

  it('is what it says of the session that it comes over', async () => {
    const { fly } = await startFlying()
    const one = await fly()
    await one.ask('SUBSCRIBE OPS\nKey: s')
    const other = await fly()
    await other.ask('SUBSCRIBE OPS\nKey: s')
    await other.ask('MOVE 1 2')
    await settled()
    await other.ask('PING')
    expect(other.events()).toEqual(['STARTED'])
  })

  it.each(['', 'x'.repeat(65), 'a\u2028b'])('takes no %j', async (key) => {
    const { fly } = await startFlying()
    expect(await (await fly()).ask(`PING\nKey: ${key}`)).toMatch(/^ERR (OUT_OF_RANGE|BAD_ARGUMENT)/)
  })

  it.each(['__proto__', 'constructor', 'x'.repeat(64), 'ä'.repeat(32), 'a b'])('takes %j', async (key) => {
    const { fly } = await startFlying()
    const flyer = await fly()
    expect(await flyer.ask(`PING\nKey: ${key}`)).toBe('OK PONG')
    expect(await flyer.ask(`PING\nKey: ${key}`)).toBe('OK PONG\r\nReplayed: yes')
  })
})
