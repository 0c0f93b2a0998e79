import { describe, expect, it, vi } from 'vitest'
import { type Credentials, createEntry } from '../../src/server/identities.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { Failure } from '../../src/wire/failure.ts'
import { type Flyer, settled, startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const made = (['alice', 'bob'] as const).map((name) => createEntry(name, 'pilot'))
const boss = createEntry('boss', 'admin')
const watcher = createEntry('eve', 'observer')
const credentials: Credentials = { kind: 'named', entries: [...made, boss, watcher].map(({ entry }) => entry) }
const [alice, bob] = made.map(({ token }) => `Token: ${token}`) as [string, string]

/** Where one at a time is in control, and somebody looks on. */
async function start(options: ServerOptions = {}) {
  const scene = await startFlying({ control: 'exclusive', credentials, ...options })
  const eve = await scene.fly(`Token: ${watcher.token}`)
  await eve.ask('SUBSCRIBE CONTROL')
  const told = async () => {
    await settled()
    await eve.ask('PING')
    return eve.events()
  }
  return { ...scene, eve, told }
}

const MOVE = 'MOVE 100 0'
const OUT = /^ERR NOT_IN_CONTROL\r\n(.*\r\n)*Holder: alice\r\n/
const leave = async ({ pilot, gone }: Flyer, how: 'QUIT' | 'FIN' | 'RST') => {
  if (how === 'QUIT') pilot.send('QUIT\n\n')
  else if (how === 'FIN') pilot.socket.end()
  else pilot.socket.resetAndDestroy()
  if (how !== 'RST') await pilot.ended
  pilot.socket.end()
  await gone
}

describe('a pilot who has come back over another connection', () => {
  const LEASE_MS = 1000
  const LEASE = `Lease: ${LEASE_MS}`
  const lives = async (control: 'shared' | 'exclusive') => {
    const scene = await start({ control })
    const old = await scene.fly(alice, LEASE)
    await old.ask(MOVE)
    const now = await scene.fly(alice)
    await now.ask('MOVE 1000000 0')
    return { ...scene, old, now }
  }

  it.each(['shared', 'exclusive'] as const)('is not missed over the old one: %s control', async (control) => {
    for (const how of ['silence', 'RST'] as const) {
      const { clock, told, old, now } = await lives(control)
      if (how === 'RST') await leave(old, how)
      clock.advance(LEASE_MS)
      expect((await told()).filter((event) => event.startsWith('LEASE'))).toEqual([])
      expect(await now.ask('STATUS')).toContain('State: moving')
    }
  })

  it.each([
    { what: 'that has ended', say: 'MOVE 1000000 0', last: 'QUIT' as const },
    { what: 'that has only stopped the drone', say: 'STOP', last: undefined },
  ])('is missed over the one, whatever was said over another $what', async ({ say, last }) => {
    const { fly, clock, told } = await start({ control: 'shared' })
    const [pilot, other] = [await fly(alice, LEASE), await fly(alice, 'On-Close: continue')]
    await pilot.ask('MOVE 1000000 0')
    await other.ask(say)
    if (last !== undefined) await leave(other, last)
    clock.advance(LEASE_MS)
    expect(await told()).toEqual(['LEASE lost alice'])
  })

  it('gives control back over either', async () => {
    const { fly, told, old } = await lives('exclusive')
    expect(await old.ask('RELEASE')).toBe('OK RELEASED\r\nControl: exclusive')
    expect((await told()).at(-1)).toMatch(/^CONTROL released/)
    expect(await (await fly(bob)).ask(MOVE)).toMatch(/^OK/)
  })

  it('is heard again: the landing is called off', async () => {
    const { fly, clock, told } = await start({ control: 'shared' })
    const old = await fly(alice, LEASE)
    await old.ask('MOVE 1000000 0')
    await leave(old, 'RST')
    await leave(await fly(alice), 'QUIT')
    expect(await told()).toEqual(['LEASE lost alice'])
    const now = await fly(alice, LEASE)
    for (let ms = 0; ms < 60_000; ms += LEASE_MS / 2) {
      await now.ask('PING')
      clock.advance(LEASE_MS / 2)
    }
    expect(await told()).toEqual(['LEASE lost alice', 'LEASE regained alice'])
  })
})

describe('shared control', () => {
  it('is everybody’s', async () => {
    const { fly } = await startFlying()
    const [one, other] = [await fly(), await fly()]
    await other.ask('SUBSCRIBE CONTROL')
    expect(await one.ask('ACQUIRE')).toBe('OK ACQUIRED\r\nControl: shared')
    expect(await other.ask('ACQUIRE\nForce: yes')).toBe('OK ACQUIRED\r\nControl: shared')
    for (const flyer of [one, other]) expect(await flyer.ask(MOVE)).toMatch(/^OK/)
    expect(await one.ask('RELEASE')).toBe('OK RELEASED\r\nControl: shared')
    await settled()
    await other.ask('PING')
    expect(other.events()).toEqual([])
  })
})

describe('exclusive control', () => {
  it('is taken by the first motion, and told', async () => {
    const { fly, told } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    expect(await first.ask(MOVE)).toMatch(/^OK MOVING_TO/)
    expect(await second.ask(MOVE)).toMatch(OUT)
    expect(await second.ask('ACQUIRE')).toMatch(OUT)
    expect(await first.ask(MOVE)).toMatch(/^OK MOVING_TO/)
    expect(await told()).toEqual(['CONTROL acquired alice'])
  })

  it.each(['', '\nKey: leg'])('is not taken by motion that is refused%j', async (key) => {
    const { fly, told } = await start({ fence: { radiusM: 5 } })
    const [first, second] = [await fly(alice), await fly(bob)]
    expect(await first.ask(`MOVE 501 0${key}`)).toMatch(/^ERR OUT_OF_FENCE/)
    expect(await first.ask(`TAKEOFF${key}`)).toMatch(/^ERR (WRONG_STATE|KEY_CONFLICT)/)
    expect(await second.ask(MOVE)).toMatch(/^OK MOVING_TO/)
    expect(await told()).toEqual(['CONTROL acquired bob'])
  })

  it('is not taken by motion that the drone does not take', async () => {
    const { fly, told, drone } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    const moveTo = drone.moveTo.bind(drone)
    Object.assign(drone, { moveTo: () => new Failure('LINK_LOST') })
    expect(await first.ask(MOVE)).toMatch(/^ERR LINK_LOST/)
    Object.assign(drone, { moveTo })
    expect(await second.ask(MOVE)).toMatch(/^OK MOVING_TO/)
    expect(await told()).toEqual(['CONTROL acquired bob'])
  })

  it('is taken by ACQUIRE and given back by RELEASE', async () => {
    const { fly, told } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    expect(await first.ask('ACQUIRE')).toBe('OK ACQUIRED\r\nControl: exclusive')
    expect(await first.ask('ACQUIRE')).toBe('OK ACQUIRED\r\nControl: exclusive')
    expect(await second.ask('RELEASE')).toMatch(/^OK/)
    expect(await second.ask(MOVE)).toMatch(OUT)
    expect(await first.ask('RELEASE')).toBe('OK RELEASED\r\nControl: exclusive')
    expect(await second.ask(MOVE)).toMatch(/^OK/)
    expect(await told()).toEqual(['CONTROL acquired alice', 'CONTROL released', 'CONTROL acquired bob'])
  })

  it('is taken by force by those who may', async () => {
    const { fly, told } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    await first.ask(MOVE)
    expect(await second.ask('ACQUIRE\nForce: yes')).toMatch(/^ERR FORBIDDEN\r\n(.*\r\n)*Param: Force/)
    expect(await second.ask('ACQUIRE\nForce: no')).toMatch(OUT)
    const third = await fly(`Token: ${boss.token}`)
    expect(await third.ask('ACQUIRE')).toMatch(OUT)
    expect(await third.ask('ACQUIRE\nForce: yes')).toMatch(/^OK ACQUIRED/)
    expect(await first.ask(MOVE)).toMatch(/Holder: boss/)
    expect(await told()).toEqual(['CONTROL acquired alice', 'CONTROL forced boss'])
  })

  it('is no condition of anything that sets nothing in motion, nor of the stop lane', async () => {
    const { fly } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    await first.ask('MOVE 100000 0')
    for (const [text, reply] of [
      ['STATUS', 'STATUS'],
      ['PING', 'PONG'],
      ['HELP', 'HELP'],
      ['WRITE hi', 'WRITTEN'],
      ['COLOR 1 2 3', 'COLOR_CHANGED'],
      ['SUBSCRIBE OPS', 'SUBSCRIBED'],
      ['STOP', 'STOPPED'],
      ['LAND', 'LANDING'],
      ['EMERGENCY sim', 'MOTORS_OFF'],
    ])
      expect(await second.ask(text as string)).toMatch(`OK ${reply}`)
    expect(await second.ask('TAKEOFF')).toMatch(OUT)
    expect(await first.ask('TAKEOFF')).toMatch(/^OK/)
  })

  it.each(['QUIT', 'FIN', 'RST'] as const)('is over with the session: %s', async (how) => {
    const { fly, told } = await start()
    const first = await fly(alice)
    await first.ask(MOVE)
    await leave(first, how)
    const change = how === 'RST' ? 'lost' : 'released'
    expect(await told()).toEqual(['CONTROL acquired alice', `CONTROL ${change}`])
    expect(await (await fly(bob)).ask(MOVE)).toMatch(/^OK/)
  })

  it('is over with the lease, and comes back to who is heard again, unless another has it by then', async () => {
    const { fly, told, clock } = await start()
    const [first, second] = [await fly(alice, 'Lease: 1000'), await fly(bob)]
    await first.ask(MOVE)
    clock.advance(1000)
    expect(await first.ask(MOVE)).toMatch(/^OK/)
    clock.advance(1000)
    expect(await second.ask(MOVE)).toMatch(/^OK/)
    expect(await first.ask(MOVE)).toMatch(/Holder: bob/)
    const change = (name: string) => `CONTROL acquired ${name}`
    const events = (await told()).filter((event) => event.startsWith('CONTROL'))
    expect(events).toEqual([change('alice'), 'CONTROL lost', change('alice'), 'CONTROL lost', change('bob')])
  })

  it('goes over to a new connection of the same identity, and does not end with the old one', async () => {
    const { fly, told } = await start()
    const old = await fly(alice)
    await old.ask(MOVE)
    const renewed = await fly(alice)
    expect(await renewed.ask(MOVE)).toMatch(/^OK/)
    await leave(old, 'RST')
    expect(await (await fly(bob)).ask(MOVE)).toMatch(OUT)
    expect(await told()).toEqual(['CONTROL acquired alice', 'CONTROL acquired alice'])
  })

  it('is of one connection where nobody has a name', async () => {
    const { fly } = await startFlying({ control: 'exclusive' })
    const [first, second, third] = [await fly('Client: one'), await fly('Client: one'), await fly()]
    await first.ask(MOVE)
    expect(await second.ask(MOVE)).toMatch(/Holder: one/)
    await leave(first, 'QUIT')
    await third.ask(MOVE)
    expect(await second.ask(MOVE)).toMatch(/Holder: connection 3/)
  })

  it('keeps a MOVE out that was said before another took it', async () => {
    const { fly, clock } = await start()
    const [first, second] = [await fly(alice), await fly(bob)]
    await first.ask(MOVE)
    await first.say('WAIT\n\nMOVE 0 0\nId: late\n\n')
    await (await fly(`Token: ${boss.token}`)).ask('ACQUIRE\nForce: yes')
    clock.advance(1000)
    await first.pilot.until('Id: late')
    expect(first.pilot.replies.at(-1)).toBe('ERR NOT_IN_CONTROL')
    expect(await second.ask('STATUS')).toContain('X: 100\r\n')
  })
})
