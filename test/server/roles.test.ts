import { describe, expect, it, vi } from 'vitest'
import type { Role } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/commands.ts'
import { createEntry } from '../../src/server/identities.ts'
import { startFlying } from '../support/fly.ts'

vi.setConfig({ testTimeout: 15_000 })

const TAKEN = ['ACQUIRE', 'CHANGECOLOR', 'MOVE', 'RELEASE', 'TAKEOFF', 'WRITE']
const commands: readonly (readonly [string, string])[] = COMMANDS.filter(({ states }) =>
  (states as readonly string[]).includes('Authenticated'),
).map(({ name, example }) => [name, name === 'EMERGENCY' ? 'EMERGENCY sim' : example])

async function start(role: Role) {
  const { token, entry } = createEntry('somebody', role)
  const scene = await startFlying({ credentials: { kind: 'named', entries: [entry] } })
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
  it('are for those who come, and leave those who are there', async () => {
    const { server, flyer, fly, join, entry, token } = await start('pilot')
    const other = createEntry('other', 'pilot')
    server.renewCredentials({ kind: 'named', entries: [{ ...entry, role: 'observer' }, other.entry] })
    expect(await flyer.ask('MOVE 1 2')).toMatch(/^OK/)
    expect(await (await fly(`Token: ${token}`)).ask('MOVE 1 2')).toMatch(/^ERR FORBIDDEN/)
    expect(await (await fly(`Token: ${other.token}`)).ask('MOVE 1 2')).toMatch(/^OK/)
    server.renewCredentials({ kind: 'named', entries: [] })
    const { pilot } = await join()
    await pilot.ask(`HELLO ${token}\n\n`, 'ERR AUTH_FAILED')
  })

  it('are never none where there were some', async () => {
    const { server, join } = await start('pilot')
    expect(() => server.renewCredentials({ kind: 'none' })).toThrow(/token/)
    const { pilot } = await join()
    await pilot.ask('HELLO\n\n', 'ERR AUTH_FAILED')
  })

  it('that are none are refused, and change nothing', async () => {
    const { server, fly, token, entry } = await start('pilot')
    expect(() => server.renewCredentials({ kind: 'shared', token: '' })).toThrow(TypeError)
    expect(() => server.renewCredentials({ kind: 'named', entries: [{ ...entry, digest: 'x' }] })).toThrow(TypeError)
    expect(await (await fly(`Token: ${token}`)).ask('MOVE 1 2')).toMatch(/^OK/)
  })
})
