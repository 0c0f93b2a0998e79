import { describe, expect, it, vi } from 'vitest'
import { createEntry } from '../../src/server/identities.ts'
import { type Flyer, settled, startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const LEASE_MS = 1000
const LEASE = `Lease: ${LEASE_MS}`

describe('On-Close', () => {
  const end = async (pilot: Flyer, how: string) => {
    if (how === 'RST') pilot.pilot.socket.resetAndDestroy()
    else if (how === 'QUIT') pilot.pilot.send('QUIT\n\n')
    else pilot.pilot.socket.end()
    if (how !== 'RST') await pilot.pilot.ended
    pilot.pilot.socket.end()
    await pilot.gone
  }
  const flown = async (control: 'shared' | 'exclusive', how: string, ...headers: string[]) => {
    const { fly } = await startFlying({ control })
    const [other, pilot] = [await fly(), await fly(...headers)]
    await pilot.ask('MOVE 1000000 0 100')
    await end(pilot, how)
    await settled()
    return /State: (.*)/.exec(await other.ask('STATUS'))?.[1]
  }

  it.each(['QUIT', 'FIN', 'RST'])('says what the drone does then: %s', async (how) => {
    for (const control of ['shared', 'exclusive'] as const) {
      expect(await flown(control, how, 'On-Close: hover')).toBe('hovering')
      expect(await flown(control, how, 'On-Close: continue')).toBe('moving')
      expect(await flown(control, how, 'On-Close: land')).toBe('landed')
    }
  })

  it.each(['QUIT', 'FIN', 'RST'])('is to go on where control is shared, or else to hover: %s', async (how) => {
    expect(await flown('shared', how)).toBe('moving')
    expect(await flown('exclusive', how)).toBe('hovering')
  })

  it('leaves a drone landing that is about to be left hovering', async () => {
    const { fly, clock } = await startFlying({ control: 'exclusive' })
    const [other, pilot] = [await fly(), await fly()]
    await pilot.ask('MOVE 0 0 3000\nSpeed: 1000')
    clock.advance(2000)
    await pilot.ask('LAND')
    await end(pilot, 'QUIT')
    clock.advance(60_000)
    expect(await other.ask('STATUS')).toContain('State: landed')
  })

  it('is what was asked for also where there is a lease, and the end is in order', async () => {
    expect(await flown('shared', 'QUIT', 'On-Close: hover', LEASE)).toBe('hovering')
    expect(await flown('exclusive', 'FIN', 'On-Close: continue', LEASE)).toBe('moving')
  })

  it('is nothing to the drone where another is in control', async () => {
    const { fly } = await startFlying({ control: 'exclusive' })
    const [pilot, other] = [await fly(), await fly('On-Close: hover')]
    await pilot.ask('MOVE 1000000 0')
    await end(other, 'QUIT')
    expect(await pilot.ask('STATUS')).toContain('State: moving')
  })

  it('is nothing to the drone of one who may not fly it', async () => {
    const eve = createEntry('eve', 'observer')
    const alice = createEntry('alice', 'pilot')
    const { fly, clock } = await startFlying({ credentials: { kind: 'named', entries: [eve.entry, alice.entry] } })
    const pilot = await fly(`Token: ${alice.token}`)
    await pilot.ask('MOVE 1000000 0')
    for (const headers of [['On-Close: hover'], [LEASE]]) {
      const other = await fly(`Token: ${eve.token}`, ...headers)
      clock.advance(LEASE_MS)
      await end(other, 'RST')
      expect(await pilot.ask('STATUS')).toContain('State: moving')
    }
  })

  it('is not said by who has not said HELLO', async () => {
    const { fly, join } = await startFlying({ token: 's3cret' })
    const pilot = await fly('Token: s3cret')
    await pilot.ask('MOVE 1000000 0')
    const { pilot: stranger, gone } = await join()
    await stranger.ask('HELLO wrong\nOn-Close: hover\n\n', 'AUTH_FAILED')
    stranger.socket.resetAndDestroy()
    await gone
    expect(await pilot.ask('STATUS')).toContain('State: moving')
  })
})
