import { describe, expect, it, vi } from 'vitest'
import type { ServerOptions } from '../../src/server/options.ts'
import { Failure } from '../../src/wire/failure.ts'
import { settled, startFlying } from '../support/fly.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 15_000 })

const LEASE_MS = 1000
const LAND_AFTER_MS = 10_000
const LEASE = `Lease: ${LEASE_MS}`

/** A drone on its way far off, a pilot with a lease who sent it there, and one who looks on. */
async function start(options: ServerOptions = {}, ...headers: string[]) {
  const scene = await startFlying(options)
  const other = await scene.fly('Client: other')
  await other.ask('SUBSCRIBE CONTROL')
  const pilot = await scene.fly('Client: pilot', LEASE, ...headers)
  await pilot.ask('MOVE 1000000 0 100')
  /** What was told of leases, and what the drone does. */
  const told = async () => {
    await settled()
    await other.ask('PING')
    return other.events().filter((event) => event.startsWith('LEASE'))
  }
  const state = async () => /State: (.*)/.exec(await other.ask('STATUS'))?.[1]
  return { ...scene, other, pilot, told, state }
}

const LOST = 'LEASE lost pilot'
const REGAINED = 'LEASE regained pilot'
const LANDING = 'LEASE landing pilot'

describe('a lease', () => {
  it('is lost without a message for so long, and no sooner: then the drone hovers, and lands after a while', async () => {
    const { clock, told, state } = await start()
    clock.advance(LEASE_MS - 1)
    expect([await told(), await state()]).toEqual([[], 'moving'])
    clock.advance(1)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
    clock.advance(LAND_AFTER_MS - 1)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
    clock.advance(1)
    expect([await told(), await state()]).toEqual([[LOST, LANDING], 'moving'])
    clock.advance(60_000)
    expect([await told(), await state()]).toEqual([[LOST, LANDING], 'landed'])
  })

  it('that is lost lands the drone all the same where motion of others is refused', async () => {
    const { clock, other, told } = await start({ fence: { radiusM: 100_000 } })
    clock.advance(LEASE_MS)
    expect(await other.ask('MOVE 100000000 0')).toMatch(/^ERR OUT_OF_FENCE/)
    clock.advance(LAND_AFTER_MS)
    expect(await told()).toEqual([LOST, LANDING])
  })

  it.each([
    { what: 'nothing but an open connection', input: '' },
    { what: 'half a message', input: 'PING\nNote: ' },
    { what: 'empty lines', input: '\n\n\n\n' },
  ])('is not kept by $what', async ({ input }) => {
    const { clock, told, pilot } = await start()
    clock.advance(LEASE_MS / 2)
    await pilot.say(input)
    await settled()
    clock.advance(LEASE_MS / 2)
    expect(await told()).toEqual([LOST])
  })

  it.each([
    { what: 'a PING', input: 'PING\n\n' },
    { what: 'a mistake', input: 'FLY\n\n' },
    { what: 'the rest of a message', input: '\n', before: 'PING\n' },
  ])('is kept by $what', async ({ input, before = '' }) => {
    const { clock, told, pilot, state } = await start()
    await pilot.say(before)
    for (let count = 0; count < 5; count++) {
      clock.advance(LEASE_MS - 1)
      await pilot.say(count === 0 ? input : 'PING\n\n')
      await settled()
      await pilot.ask('PING')
    }
    expect([await told(), await state()]).toEqual([[], 'moving'])
  })

  it('is kept by what comes behind a WAIT, before its turn', async () => {
    const { clock, told, pilot, state } = await start()
    await pilot.say('WAIT\n\n')
    for (let count = 0; count < 5; count++) {
      clock.advance(LEASE_MS - 1)
      await pilot.say('PING\n\n')
      await settled()
    }
    expect([await told(), await state()]).toEqual([[], 'moving'])
    clock.advance(LEASE_MS)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
  })

  it('is not kept by what came long ago and has its turn now', async () => {
    const { clock, told, pilot, state } = await start()
    await pilot.say(`${'WAIT 900\n\n'.repeat(5)}MOVE 0 0\n\n`)
    await settled()
    clock.advance(900)
    await pilot.pilot.until('ERR TIMEOUT')
    await settled()
    clock.advance(100)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
  })

  it('that is lost stops what its pilot had still to come', async () => {
    const { clock, pilot, state, drone } = await start()
    const moveTo = vi.spyOn(drone, 'moveTo')
    await pilot.say('WAIT\n\nMOVE 0 0\nId: m\n\n')
    await settled()
    clock.advance(LEASE_MS)
    await pilot.pilot.until('Id: m')
    expect(pilot.pilot.replies.slice(-2)).toEqual(['ERR CANCELLED', 'ERR CANCELLED'])
    expect(moveTo).not.toHaveBeenCalled()
    expect(await state()).toBe('hovering')
  })

  it('that is lost stops that also where the drone takes its time to hover', async () => {
    const { clock, pilot, drone } = await start()
    const answers: ((outcome: undefined) => void)[] = []
    const hover = () => new Promise<undefined>((resolve) => void answers.push(resolve))
    vi.spyOn(drone, 'hover').mockImplementation(hover as never)
    const moveTo = vi.spyOn(drone, 'moveTo')
    await pilot.say(`WAIT ${LEASE_MS + 1}\n\nMOVE 0 0\nId: m\n\n`)
    await settled()
    clock.advance(LEASE_MS + 1)
    await pilot.pilot.until('Id: m')
    for (const answer of answers) answer(undefined)
    expect(pilot.pilot.replies.at(-1)).toBe('ERR CANCELLED')
    expect(moveTo).not.toHaveBeenCalled()
  })

  it.each([
    ['fails', () => Promise.reject(new Error('no radio'))],
    [
      'fails at once',
      () => {
        throw new Error('no radio')
      },
    ],
  ])('that is lost is told, and the drone lands, also where hovering %s', async (_, hover) => {
    const { clock, told, drone } = await start()
    vi.spyOn(drone, 'hover').mockImplementation(hover as never)
    const land = vi.spyOn(drone, 'land')
    clock.advance(LEASE_MS)
    expect(await told()).toEqual([LOST])
    clock.advance(LAND_AFTER_MS)
    expect(await told()).toEqual([LOST, LANDING])
    expect(land).toHaveBeenCalledTimes(1)
  })

  it('that is regained calls the landing off, and may be lost again', async () => {
    const { clock, told, state, pilot } = await start()
    clock.advance(LEASE_MS + LAND_AFTER_MS / 2)
    expect(await pilot.ask('PING')).toBe('OK PONG')
    expect(await told()).toEqual([LOST, REGAINED])
    for (let count = 0; count < 20; count++) {
      clock.advance(LEASE_MS - 1)
      await pilot.ask('PING')
    }
    expect([await told(), await state()]).toEqual([[LOST, REGAINED], 'hovering'])
    clock.advance(LEASE_MS)
    expect(await told()).toEqual([LOST, REGAINED, LOST])
  })

  it('has its landing called off neither by another who is back, nor put off by another who is gone', async () => {
    const { clock, told, fly, pilot, other, state } = await start()
    const passenger = await fly('Client: passenger', `Lease: ${LEASE_MS * 2}`)
    clock.advance(LEASE_MS * 2)
    expect(await told()).toEqual([LOST, 'LEASE lost passenger'])
    await passenger.ask('PING')
    expect((await told()).at(-1)).toBe('LEASE regained passenger')
    pilot.pilot.socket.resetAndDestroy()
    await pilot.gone
    for (let ms = LEASE_MS; ms < LAND_AFTER_MS - 1; ms += LEASE_MS) {
      await passenger.ask('PING')
      clock.advance(ms + LEASE_MS < LAND_AFTER_MS ? LEASE_MS : LEASE_MS - 1)
    }
    expect((await told()).includes(LANDING)).toBe(false)
    clock.advance(1)
    expect((await told()).at(-1)).toBe(LANDING)
    clock.advance(60_000)
    expect(/State: (.*)/.exec(await other.ask('STATUS'))?.[1]).toBe('landed')
    expect(await state()).toBe('landed')
  })

  it('that is regained has no landing left, also where another was lost meanwhile', async () => {
    const { clock, told, fly, pilot } = await start()
    const passenger = await fly('Client: passenger', `Lease: ${LEASE_MS * 2}`)
    clock.advance(LEASE_MS * 2)
    await pilot.ask('PING')
    for (let ms = LEASE_MS * 2; ms < LAND_AFTER_MS + LEASE_MS; ms += LEASE_MS / 2) {
      clock.advance(LEASE_MS / 2)
      await pilot.ask('PING')
    }
    expect(await told()).toEqual([LOST, 'LEASE lost passenger', REGAINED])
    clock.advance(LEASE_MS - 1)
    await passenger.ask('PING')
    expect((await told()).at(-1)).toBe('LEASE regained passenger')
  })

  it.each([
    { whose: 'its own', lander: 'pilot' as const },
    { whose: 'another’s', lander: 'other' as const },
  ])('that is lost leaves the drone landing, where it is: $whose LAND', async ({ lander }) => {
    const { clock, state, told, ...flyers } = await start({ landAfterMs: 0 })
    await flyers.other.ask('MOVE 0 0 3000\nSpeed: 1000')
    for (let count = 0; count < 3; count++) {
      clock.advance(LEASE_MS - 1)
      await flyers.pilot.ask('PING')
    }
    await flyers[lander].ask('LAND')
    clock.advance(LEASE_MS)
    expect([await told(), await state()]).toEqual([[LOST], 'moving'])
    clock.advance(60_000)
    expect(await state()).toBe('landed')
  })

  it('is not kept by half a message behind what has its turn only now', async () => {
    const { clock, told, pilot } = await start()
    await pilot.say('WAIT 500\n\nPING\n\n')
    await settled()
    clock.advance(450)
    await pilot.say('PING\nNote: ')
    await settled()
    clock.advance(50)
    await pilot.pilot.until('PONG')
    clock.advance(500)
    expect(await told()).toEqual([LOST])
  })

  it('has its landing called off by the motion of another', async () => {
    const { clock, told, other, state } = await start()
    clock.advance(LEASE_MS)
    await other.ask('MOVE 0 0')
    clock.advance(LAND_AFTER_MS)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
  })

  it('does not have its landing called off by one who only looks, nor by a HELLO', async () => {
    const { clock, told, other, fly } = await start()
    clock.advance(LEASE_MS)
    await fly('Client: pilot')
    for (const text of ['STATUS', 'PING', 'WRITE hi', 'MOVE 1 2\nDry-Run: yes', 'STOP\nDry-Run: yes'])
      await other.ask(text)
    clock.advance(LAND_AFTER_MS)
    expect(await told()).toContain(LANDING)
  })

  it.each(['EMERGENCY nobody', 'EMERGENCY', 'STOP now', 'LAND\nNot: known'])(
    'does not have its landing called off by a mistake in the stop lane: %j',
    async (text) => {
      const { clock, told, other } = await start()
      clock.advance(LEASE_MS)
      expect(await other.ask(text)).toMatch(/^ERR/)
      clock.advance(LAND_AFTER_MS)
      expect(await told()).toEqual([LOST, LANDING])
    },
  )

  it.each(['MOVE 0 0', 'STOP', 'LAND'])(
    'does not have its landing called off by a %s that the drone does not take',
    async (text) => {
      const { clock, told, other, drone } = await start()
      clock.advance(LEASE_MS)
      const lost = () => new Failure('LINK_LOST')
      Object.assign(drone, { moveTo: lost, hover: lost, land: lost })
      expect(await other.ask(text)).toMatch(/^ERR LINK_LOST/)
      clock.advance(LAND_AFTER_MS)
      expect(await told()).toEqual([LOST, LANDING])
    },
  )

  it('is lost at once with a connection that is reset', async () => {
    const { told, state, pilot, clock } = await start()
    pilot.pilot.socket.resetAndDestroy()
    await pilot.gone
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
    clock.advance(LAND_AFTER_MS)
    expect(await told()).toEqual([LOST, LANDING])
  })

  it('that is lost is not lost again with its connection: the drone goes on landing', async () => {
    const { told, state, pilot, clock } = await start()
    clock.advance(LEASE_MS + LAND_AFTER_MS)
    expect([await told(), await state()]).toEqual([[LOST, LANDING], 'moving'])
    pilot.pilot.socket.resetAndDestroy()
    await pilot.gone
    expect([await told(), await state()]).toEqual([[LOST, LANDING], 'moving'])
  })

  it('that is lost and then reset lands no later for it', async () => {
    const { told, pilot, clock } = await start()
    clock.advance(LEASE_MS + LAND_AFTER_MS - 1)
    pilot.pilot.socket.resetAndDestroy()
    await pilot.gone
    clock.advance(1)
    expect(await told()).toEqual([LOST, LANDING])
  })

  it('is not regained by what comes after the end of its session', async () => {
    const { told, other, pilot, clock } = await start({ timeouts: { handshakeMs: 0, messageMs: 0, idleMs: 5000 } })
    await pilot.say('WAIT 100\n\n')
    await settled()
    await pilot.say('PING\n\n')
    await settled()
    clock.advance(100)
    await pilot.pilot.until('PONG')
    for (const _ of [1, 2]) {
      clock.advance(2500)
      await other.ask('PING')
    }
    await pilot.pilot.ended
    expect(await told()).toEqual([LOST])
    await pilot.say('PING\n\n')
    await settled()
    expect(await told()).toEqual([LOST])
  })

  it.each([
    { how: 'QUIT', last: 'QUIT\n\n' },
    { how: 'FIN after the last reply', last: '' },
  ])('is not lost by $how', async ({ last }) => {
    const { told, state, pilot, clock } = await start()
    pilot.pilot.send(last)
    if (last === '') pilot.pilot.socket.end()
    await pilot.pilot.ended
    pilot.pilot.socket.end()
    await pilot.gone
    clock.advance(LAND_AFTER_MS)
    expect([await told(), await state()]).toEqual([[], 'moving'])
  })

  it('may have no landing', async () => {
    const { told, state, clock } = await start({ landAfterMs: 0 })
    clock.advance(LEASE_MS + 600_000)
    expect([await told(), await state()]).toEqual([[LOST], 'hovering'])
  })

  it('of one who is not in control is nothing to the drone', async () => {
    const { fly, clock, told, state, other, pilot } = await start({ control: 'exclusive' })
    await pilot.ask('RELEASE')
    await other.ask('MOVE 1000000 0 100')
    clock.advance(LEASE_MS)
    expect([await told(), await state()]).toEqual([[], 'moving'])
    expect((await fly(LEASE)).pilot.replies.at(-1)).toBe('OK AUTH_OK')
  })

  it.each(['99', '0', '-1', '600001', '2147483648'])('of %s is refused', async (lease) => {
    const { join } = await startFlying()
    const { pilot } = await join()
    await pilot.ask(`HELLO\nLease: ${lease}\n\n`, 'ERR OUT_OF_RANGE')
  })

  it('leaves no timer behind', async () => {
    const { server, clock, pilot, other } = await start()
    clock.advance(LEASE_MS)
    pilot.pilot.socket.resetAndDestroy()
    await pilot.gone
    const closed = server.close()
    await other.pilot.ended
    other.pilot.socket.end()
    clock.advance(1000)
    await closed
    clock.advance(60_000)
    expect(clock.timers).toBe(0)
  })

  it('keeps no server from its end by a landing that is due', async () => {
    const { server, clock, fly } = await startFlying()
    const [pilot, other] = [await fly(LEASE), await fly()]
    clock.advance(LEASE_MS)
    const closed = server.close()
    await Promise.all([other, pilot].map((each) => each.pilot.ended))
    for (const each of [other, pilot]) each.pilot.socket.end()
    await until(() => pilot.peer.destroyed && other.peer.destroyed)
    await closed
    expect(clock.timers).toBe(0)
  })
})
