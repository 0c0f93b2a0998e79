import { describe, expect, it, vi } from 'vitest'
import { type Flyer, settled, startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const place = async (flyer: Flyer) => (await flyer.ask('STATUS')).split('\r\n').slice(2, 6).join(', ')
const AT_HOME = 'State: hovering, X: 0, Y: 0, Z: 0'
/** So long a link is frozen, in milliseconds. */
const FROZEN_MS = 10_000

describe('a Ttl', () => {
  it.each(['0', '-1', '60001', '2147483648'])('of %s is refused, and nothing run', async (ttl) => {
    const { fly } = await startFlying()
    const flyer = await fly()
    const reply = await flyer.ask(`MOVE 100 0\nTtl: ${ttl}`)
    expect(reply).toMatch(/^ERR OUT_OF_RANGE\r\n(.*\r\n)*Param: Ttl/)
    expect(await place(flyer)).toBe(AT_HOME)
  })

  it.each(['1.5', '', '+5', '1e3', 'soon'])('of %j is no integer', async (ttl) => {
    const { fly } = await startFlying()
    const flyer = await fly()
    expect(await flyer.ask(`MOVE 100 0\nTtl: ${ttl}`)).toMatch(/^ERR BAD_ARGUMENT/)
  })

  it('is looked at when the turn of the command comes', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0')
    await flyer.say('WAIT\n\nWRITE old\nTtl: 999\n\nWRITE new\nTtl: 1000\n\n')
    clock.advance(1000)
    await flyer.ask('PING')
    expect(flyer.pilot.replies.slice(3)).toEqual(['OK ARRIVED', 'ERR EXPIRED', 'OK WRITTEN', 'OK PONG'])
    expect(await flyer.ask('STATUS')).toContain('Text: new')
  })

  it('runs from when each of them came', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0')
    await flyer.say('WAIT\n\nWRITE old\nTtl: 500\n\n')
    clock.advance(600)
    await flyer.say('WRITE new\nTtl: 500\n\n')
    clock.advance(400)
    await flyer.ask('PING')
    expect(flyer.pilot.replies.slice(3)).toEqual(['OK ARRIVED', 'ERR EXPIRED', 'OK WRITTEN', 'OK PONG'])
  })

  it('is no matter to the stop lane, wherever it comes', async () => {
    const { fly, clock } = await startFlying({ motionTtlMs: 1 })
    const flyer = await fly()
    await flyer.ask('MOVE 1000 0')
    clock.advance(FROZEN_MS / 2)
    expect(await flyer.ask('STOP\nTtl: 1\nSent: 0')).toMatch(/^OK STOPPED/)
    await flyer.ask('MOVE 1000 0')
    await flyer.say('WAIT\n\nSTOP\nTtl: 1\nSent: 0\nId: behind\n\n')
    await flyer.pilot.until('Id: behind')
    expect(flyer.pilot.replies.at(-1)).toMatch(/^OK STOPPED/)
    expect(await flyer.ask('LAND\nTtl: 1\nSent: 0')).toMatch(/^OK LANDING/)
    expect(await flyer.ask('EMERGENCY sim\nTtl: 1\nSent: 0')).toMatch(/^OK MOTORS_OFF/)
  })

  it('leaves the stop lane open behind a QUIT that it has kept from its end', async () => {
    const { fly, clock, drone } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0')
    await flyer.say('WAIT\n\nQUIT\nTtl: 1\n\n')
    clock.advance(1000)
    await flyer.pilot.until('ERR EXPIRED')
    await flyer.ask('MOVE 100000 0')
    const hover = vi.spyOn(drone, 'hover')
    await flyer.say('WAIT\n\nSTOP\n\n')
    await settled()
    expect(hover).toHaveBeenCalledTimes(1)
  })

  it('holds for motion that has none of its own, where the server has one, and for nothing else', async () => {
    const { fly, clock } = await startFlying({ motionTtlMs: 500 })
    const flyer = await fly()
    await flyer.ask('MOVE 100 0')
    await flyer.say('WAIT\n\nMOVE 0 0\n\nMOVE 0 0\nTtl: 5000\n\nWRITE a\n\nSTATUS\n\n')
    clock.advance(1000)
    await flyer.ask('PING')
    const after = ['OK ARRIVED', 'ERR EXPIRED', 'OK MOVING_TO(0, 0)', 'OK WRITTEN', 'OK STATUS', 'OK PONG']
    expect(flyer.pilot.replies.slice(3)).toEqual(after)
  })

  it('is no mistake to overrun, however often', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    clock.advance(FROZEN_MS)
    for (let count = 0; count < 12; count++) expect(await flyer.ask('PING\nTtl: 1\nSent: 0')).toMatch(/Fatal: no/)
  })
})

describe('what was sent long ago', () => {
  it('does not move the drone where 250 of it come at once, as from a link that was frozen', async () => {
    const { fly, clock, drone } = await startFlying()
    const flyer = await fly()
    const moveTo = vi.spyOn(drone, 'moveTo')
    const burst = Array.from({ length: 250 }, (_, index) => `MOVE ${index} 0\nTtl: 1000\nSent: ${index * 36}\n\n`)
    clock.advance(FROZEN_MS)
    await flyer.say(burst.join(''))
    await flyer.ask('PING')
    expect(flyer.pilot.replies.filter((reply) => reply === 'ERR EXPIRED')).toHaveLength(250)
    expect(moveTo).not.toHaveBeenCalled()
    expect(await place(flyer)).toBe(AT_HOME)
  })

  it('is told apart from what was sent just now', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    clock.advance(FROZEN_MS)
    expect(await flyer.ask(`MOVE 1 0\nTtl: 1000\nSent: ${FROZEN_MS - 1001}`)).toMatch(/^ERR EXPIRED/)
    expect(await flyer.ask(`MOVE 1 0\nTtl: 1000\nSent: ${FROZEN_MS - 1000}`)).toMatch(/^OK MOVING_TO/)
  })

  it('is measured from its receipt at the latest', async () => {
    const { fly, clock } = await startFlying()
    const flyer = await fly()
    await flyer.ask('MOVE 100 0')
    await flyer.say(`WAIT\n\nWRITE a\nTtl: 999\nSent: ${Number.MAX_SAFE_INTEGER}\n\n`)
    clock.advance(1000)
    await flyer.ask('PING')
    expect(flyer.pilot.replies.slice(3)).toEqual(['OK ARRIVED', 'ERR EXPIRED', 'OK PONG'])
  })

  it('says nothing by itself, nor before HELLO', async () => {
    const { fly, clock, join } = await startFlying()
    clock.advance(FROZEN_MS)
    const flyer = await fly('Ttl: 100', 'Sent: 0')
    expect(flyer.pilot.replies.at(-1)).toBe('OK AUTH_OK')
    clock.advance(FROZEN_MS)
    expect(await flyer.ask('MOVE 1 0\nSent: 0')).toMatch(/^OK MOVING_TO/)
    const { pilot } = await join()
    expect(await pilot.ask('PING\nTtl: 100\nSent: 0\n\n', '\r\n\r\n')).toContain('OK PONG')
  })
})
