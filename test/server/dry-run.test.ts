import { describe, expect, it, vi } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { type Credentials, createEntry } from '../../src/server/identities.ts'
import { type Flyer, type FlyScene, settled, startFlying } from '../support/fly.ts'
import { recordLog } from '../support/record-log.ts'

vi.setConfig({ testTimeout: 15_000 })

const place = async (flyer: Flyer) => (await flyer.ask('STATUS')).split('\r\n').slice(2, 6).join(', ')
const AT_HOME = 'State: hovering, X: 0, Y: 0, Z: 0'
/** So long a link is frozen, in milliseconds. */
const FROZEN_MS = 10_000

const { token, entry } = createEntry('alice', 'pilot')
const credentials: Credentials = { kind: 'named', entries: [entry] }

/** All that a Dry-Run might change, as others see it. */
async function seen({ drone }: FlyScene, other: Flyer) {
  return [
    await other.ask('STATUS'),
    drone.airborne,
    drone.aimedM,
    await other.ask('WAIT\nOp: 1\nTimeout: 1\nDry-Run: yes'),
  ]
}

describe('a Dry-Run', () => {
  const authenticated: readonly (readonly [string, string])[] = COMMANDS.filter(({ states }) =>
    (states as readonly string[]).includes('Authenticated'),
  ).map(({ name, example }) => [name, name === 'EMERGENCY' ? 'EMERGENCY sim' : example])

  it.each(authenticated)('of %s changes nothing', async (name, example) => {
    const scene = await startFlying({ control: 'exclusive' })
    const flyer = await scene.fly()
    const other = await scene.fly()
    await flyer.ask('SUBSCRIBE OPS')
    await other.ask('SUBSCRIBE CONTROL')
    await other.ask('WRITE before')
    const calls = (['takeOff', 'moveTo', 'land', 'hover', 'cutMotors', 'show', 'paint'] as const).map((method) =>
      vi.spyOn(scene.drone, method),
    )
    const before = await seen(scene, other)
    const { timers } = scene.clock
    const reply = await flyer.ask(`${example}\nDry-Run: yes\nKey: once`)
    expect(reply).toMatch(name === 'TAKEOFF' ? /^ERR WRONG_STATE/ : /^OK CHECKED|^ERR BAD_ARGUMENT/)
    if (reply.startsWith('OK')) expect(reply).toBe(`OK CHECKED\r\nCommand: ${name}\r\nDry-Run: yes`)
    await settled()
    expect(await seen(scene, other)).toEqual(before)
    expect(scene.clock.timers).toBe(timers)
    expect(other.events()).toEqual([])
    for (const call of calls) expect(call).not.toHaveBeenCalled()
    // The Key is as good as new, control is free, and the subscription holds.
    expect(await flyer.ask('PING\nKey: once')).toBe('OK PONG')
    expect(await other.ask('MOVE 100 0')).toMatch(/^OK MOVING_TO/)
    await settled()
    await flyer.ask('PING')
    expect(flyer.events()).toEqual(['STARTED'])
  })

  it('of HELLO says whether it would succeed, and leaves the session before it', async () => {
    const { join } = await startFlying({ token: 's3cret' })
    const { pilot } = await join()
    await pilot.ask('HELLO s3cret\nDry-Run: yes\n\n', 'OK CHECKED')
    await pilot.ask('STATUS\n\n', 'ERR EXPECTED_HANDSHAKE')
    for (let count = 1; count <= 3; count++) await pilot.ask('HELLO wrong\nDry-Run: yes\n\n', 'ERR AUTH_FAILED')
    expect(await pilot.ended).toContain('Fatal: yes')
  })

  it('of HELLO with a Lease arms nothing', async () => {
    const { join, clock, fly } = await startFlying()
    const other = await fly()
    await other.ask('SUBSCRIBE CONTROL')
    const { pilot } = await join()
    await pilot.ask('HELLO\nLease: 100\nOn-Close: land\nDry-Run: yes\n\n', 'OK CHECKED')
    clock.advance(FROZEN_MS)
    pilot.socket.resetAndDestroy()
    await settled()
    await other.ask('PING')
    expect(other.events()).toEqual([])
    expect(await place(other)).toBe(AT_HOME)
  })

  it('of STOP cancels no motion that waits', async () => {
    const { fly, clock } = await startFlying()
    const [flyer, other] = [await fly(), await fly()]
    await flyer.ask('MOVE 100 0')
    await flyer.say('WAIT\n\nMOVE 0 0\n\nSTOP\nDry-Run: yes\n\nMOVE 0 5\n\n')
    expect(await other.ask('STOP\nDry-Run: yes')).toMatch(/^OK CHECKED/)
    clock.advance(1000)
    await flyer.ask('PING')
    const after = ['OK ARRIVED', 'OK MOVING_TO(0, 0)', 'OK CHECKED', 'OK MOVING_TO(0, 5)', 'OK PONG']
    expect(flyer.pilot.replies.slice(3)).toEqual(after)
  })

  it('of QUIT leaves the stop lane open behind it', async () => {
    const { fly, drone } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100000 0')
    const hover = vi.spyOn(drone, 'hover')
    await flyer.say('WAIT\n\nQUIT\nDry-Run: yes\n\nSTOP\n\n')
    await settled()
    expect(hover).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['MOVE 9000 0', 'OUT_OF_FENCE'],
    ['TAKEOFF', 'WRONG_STATE'],
    ['EMERGENCY other', 'BAD_ARGUMENT'],
    ['WAIT\nOp: 7', 'BAD_ARGUMENT'],
    ['SUBSCRIBE OPS 5', 'BAD_ARGUMENT'],
    ['HELP FLY', 'BAD_ARGUMENT'],
    ['MOVE 1', 'MISSING_ARGUMENT'],
    ['ACQUIRE\nForce: yes', 'FORBIDDEN'],
  ])('of %j is refused as the command itself is: %s', async (text, code) => {
    const { fly } = await startFlying({ fence: { radiusM: 5 }, credentials: credentials })
    const flyer = await fly(`Token: ${token}`)
    expect(await flyer.ask(text)).toMatch(`ERR ${code}`)
    expect(await flyer.ask(`${text}\nDry-Run: yes`)).toMatch(`ERR ${code}`)
  })

  it('of what another is in control of is refused', async () => {
    const { fly } = await startFlying({ control: 'exclusive' })
    const [flyer, other] = [await fly(), await fly()]
    await flyer.ask('ACQUIRE')
    for (const text of ['MOVE 1 2', 'ACQUIRE']) {
      expect(await other.ask(`${text}\nDry-Run: yes`)).toMatch(/^ERR NOT_IN_CONTROL/)
      expect(await other.ask(text)).toMatch(/^ERR NOT_IN_CONTROL/)
    }
    expect(await other.ask('ACQUIRE\nForce: yes\nDry-Run: yes')).toMatch(/^OK CHECKED/)
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
  })

  it('may be said no to', async () => {
    const { fly } = await startFlying()
    expect(await (await fly()).ask('MOVE 1 2\nDry-Run: no')).toMatch(/^OK MOVING_TO/)
  })

  it('is not logged as more than it is', async () => {
    const log = recordLog()
    const { fly } = await startFlying({ logger: log.logger })
    await (await fly()).ask('MOVE 1 2\nDry-Run: yes')
    expect(log.text).not.toContain('MOVING')
  })
})
