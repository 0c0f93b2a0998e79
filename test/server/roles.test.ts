import { describe, expect, it, vi } from 'vitest'
import type { Role } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { createEntry } from '../../src/server/identities.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const TAKEN = ['ACQUIRE', 'CHANGECOLOR', 'MOVE', 'RELEASE', 'TAKEOFF', 'WRITE']
const commands: readonly (readonly [string, string])[] = COMMANDS.filter(({ states }) =>
  (states as readonly string[]).includes('Authenticated'),
).map(({ name, example }) => [name, name === 'EMERGENCY' ? 'EMERGENCY sim' : example])

async function start(role: Role, options: ServerOptions = {}) {
  const { token, entry } = createEntry('somebody', role)
  const scene = await startFlying({ credentials: { kind: 'named', entries: [entry] }, ...options })
  return { ...scene, token, entry, flyer: await scene.fly(`Token: ${token}`) }
}

describe('an observer', () => {
  it.each(commands)('may look and stop, and not fly: %s', async (name, example) => {
    const { flyer, drone } = await start('observer')
    const calls = (['takeOff', 'moveTo', 'show', 'paint'] as const).map((method) => vi.spyOn(drone, method))
    const reply = await flyer.ask(example)
    if (TAKEN.includes(name)) expect(reply).toMatch(/^ERR FORBIDDEN\r\nReason: .*\r\nFatal: no/)
    else expect(reply).not.toMatch(/FORBIDDEN/)
    if (name !== 'QUIT')
      expect((await flyer.ask(`${example}\nDry-Run: yes`)).includes('FORBIDDEN')).toBe(TAKEN.includes(name))
    for (const call of calls) expect(call).not.toHaveBeenCalled()
  })

  it('is not taken for one who makes mistakes', async () => {
    const { flyer } = await start('observer')
    for (let count = 0; count < 12; count++) expect(await flyer.ask('MOVE 1 2')).toMatch(/^ERR FORBIDDEN/)
  })

  it('may not do it under a Key either, nor by what it did as another', async () => {
    const { flyer } = await start('observer')
    for (let count = 0; count < 2; count++)
      expect(await flyer.ask('MOVE 1 2\nKey: k')).toMatch(/^ERR FORBIDDEN(?!.*Replayed)/s)
  })
})

it.each(['pilot', 'admin'] as const)('a %s may fly', async (role) => {
  const { flyer } = await start(role)
  for (const text of ['MOVE 1 2', 'WRITE hi', 'COLOR 1 2 3', 'ACQUIRE', 'RELEASE', 'LAND'])
    expect(await flyer.ask(text)).toMatch(/^OK/)
})

describe('other credentials', () => {
  it('hold for those who come, by their tokens', async () => {
    const { server, fly, join, entry, token } = await start('pilot')
    const other = createEntry('other', 'pilot')
    server.renew({ credentials: { kind: 'named', entries: [{ ...entry, role: 'observer' }, other.entry] } })
    expect(await (await fly(`Token: ${token}`)).ask('MOVE 1 2')).toMatch(/^ERR FORBIDDEN/)
    expect(await (await fly(`Token: ${other.token}`)).ask('MOVE 1 2')).toMatch(/^OK/)
    server.renew({ credentials: { kind: 'named', entries: [] } })
    const { pilot } = await join()
    await pilot.ask(`HELLO ${token}\n\n`, 'ERR AUTH_FAILED')
  })

  it('hold for those who are there, by their names: with another role', async () => {
    const { server, flyer, entry } = await start('pilot')
    server.renew({ credentials: { kind: 'named', entries: [{ ...entry, role: 'observer' }] } })
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^ERR FORBIDDEN/)
    server.renew({ credentials: { kind: 'named', entries: [{ ...entry, role: 'pilot' }] } })
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
  })

  it('take control from whom they make an observer', async () => {
    const { server, flyer, fly, entry } = await start('pilot', { control: 'exclusive' })
    const other = createEntry('other', 'pilot')
    await flyer.ask('ACQUIRE')
    server.renew({ credentials: { kind: 'named', entries: [{ ...entry, role: 'observer' }, other.entry] } })
    expect(await (await fly(`Token: ${other.token}`)).ask('MOVE 1 2')).toMatch(/^OK/)
  })

  it('leave no drone on its way whom they take control from', async () => {
    const { server, drone, flyer, entry } = await start('pilot', { control: 'exclusive' })
    await flyer.ask('MOVE 100000 0')
    expect(drone.telemetry().state).toBe('moving')
    server.renew({ credentials: { kind: 'named', entries: [{ ...entry, role: 'observer' }] } })
    expect(drone.telemetry().state).toBe('hovering')
  })

  it('leave those who are there alone whose token is another now', async () => {
    const { server, flyer } = await start('pilot')
    server.renew({ credentials: { kind: 'named', entries: [createEntry('somebody', 'pilot').entry] } })
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
  })

  const none = { kind: 'named', entries: [] } as const
  it('send those away, with the reason, who are nobody any more', async () => {
    const { server, flyer } = await start('pilot')
    server.renew({ credentials: none })
    await flyer.pilot.ended
    expect(flyer.pilot.received).toMatch(/ERR AUTH_FAILED\r\nReason: .*token file.*\r\nFatal: yes\r\n/)
    flyer.pilot.socket.end()
    await flyer.gone
  })

  it('send nobody away from a drone that is missed less than by a broken connection', async () => {
    const { token, entry } = createEntry('somebody', 'pilot')
    const { server, fly, drone } = await startFlying({ credentials: { kind: 'named', entries: [entry] } })
    const flyer = await fly(`Token: ${token}`, 'Lease: 1000')
    await flyer.ask('MOVE 100000 0')
    server.renew({ credentials: none })
    flyer.pilot.socket.end()
    await flyer.gone
    expect(drone.telemetry().state).toBe('hovering')
  })

  it('leave those alone who share a token, whatever that is by now', async () => {
    const { server, fly } = await startFlying({ token: 'one-for-all' })
    const flyer = await fly('Token: one-for-all')
    server.renew({ credentials: { kind: 'shared', token: 'another-for-all' } })
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
    server.renew({ credentials: none })
    await flyer.pilot.ended
  })

  it('ask nothing of those who have not said HELLO', async () => {
    const { server, join, token, entry } = await start('pilot')
    const { pilot } = await join()
    server.renew({ credentials: none })
    server.renew({ credentials: { kind: 'named', entries: [entry] } })
    await pilot.ask(`HELLO ${token}\n\n`, 'OK AUTH_OK')
  })

  it('that are no token are refused where one is shared', async () => {
    const { server, fly } = await startFlying({ token: 's3cret' })
    expect(() => server.renew({ credentials: { kind: 'shared', token: '' } })).toThrow(TypeError)
    expect(await (await fly('Token: s3cret')).ask('MOVE 1 2')).toMatch(/^OK/)
  })

  it('never make one of a token for all where there were names: such a file may have been cut short', async () => {
    const { server, flyer, join } = await start('pilot')
    expect(() => server.renew({ credentials: { kind: 'shared', token: 'garbage' } })).toThrow(/names/)
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
    const { pilot } = await join()
    await pilot.ask('HELLO garbage\n\n', 'ERR AUTH_FAILED')
  })

  it('are never some where there were none: that is what the greetings say', async () => {
    const { server, join } = await startFlying()
    expect(() => server.renew({ credentials: { kind: 'shared', token: 's3cret' } })).toThrow(/no token/)
    const { pilot } = await join()
    await pilot.ask('HELLO\n\n', 'OK AUTH_OK')
    expect(pilot.received).toContain('\r\nAuth: none\r\n')
  })

  it('are never none where there were some', async () => {
    const { server, join } = await start('pilot')
    expect(() => server.renew({ credentials: { kind: 'none' } })).toThrow(/token/)
    const { pilot } = await join()
    await pilot.ask('HELLO\n\n', 'ERR AUTH_FAILED')
  })

  it('that are none are refused, and change nothing', async () => {
    const { server, fly, token, entry } = await start('pilot')
    expect(() => server.renew({ credentials: { kind: 'named', entries: [{ ...entry, digest: 'x' }] } })).toThrow(
      TypeError,
    )
    expect(await (await fly(`Token: ${token}`)).ask('MOVE 1 2')).toMatch(/^OK/)
  })
})
