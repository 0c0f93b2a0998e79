import { rmSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { journalFile } from '../../src/recorder/journal-files.ts'
import { readJournal, verify } from '../../src/recorder/read-journal.ts'
import { replay } from '../../src/recorder/replay.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { recorded } from '../recorder/support/recorded.ts'
import { settled, startFlying } from '../support/fly.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 15_000 })

/** A server that keeps a record, and what stands in that. */
async function start(options: ServerOptions = {}) {
  const { folder, options: basics } = recorded()
  const { clock } = basics
  const scene = await startFlying({ ...basics, ...options })
  const commands = () =>
    [...readJournal(folder)].flatMap(({ record }) => (record?.entry.kind === 'command' ? [record.entry] : []))
  /** How each message of a command was decided, by what it begins with. */
  const decisions = (begin: string) =>
    commands().flatMap(({ message, decision }) => (message.startsWith(begin) ? [decision] : []))
  const isReplayed = () => replay(folder).compared?.differences
  return { ...scene, clock, folder, commands, decisions, isReplayed }
}

describe('a command that has begun is in the record before it is answered', () => {
  it('where its reply waits for its end', async () => {
    const { clock, fly, decisions, isReplayed } = await start()
    const [flyer, other] = [await fly(), await fly()]
    await flyer.say('MOVE 200 0 100\nWait: yes\n\n')
    await until(() => decisions('MOVE').length > 0)
    clock.advance(500)
    await other.ask('WRITE hello')
    // What a server that is killed now would leave.
    expect(decisions('MOVE')).toEqual(['begun'])
    expect(isReplayed()).toEqual([])
    clock.advance(5000)
    await other.ask('WAIT')
    await flyer.ask('PING')
    expect(decisions('MOVE')).toEqual(['begun', 'ran'])
    expect(isReplayed()).toEqual([])
  })

  it('where nobody is there any more when it ends', async () => {
    const { clock, fly, decisions, isReplayed } = await start()
    const [flyer, other] = [await fly(), await fly()]
    await flyer.say('MOVE 200 0 100\nWait: yes\n\n')
    clock.advance(100)
    flyer.pilot.socket.resetAndDestroy()
    await flyer.gone
    clock.advance(5000)
    await other.ask('WRITE hello')
    expect(decisions('MOVE')).toEqual(['begun', 'ran'])
    expect(isReplayed()).toEqual([])
  })

  it('where it is a STOP whose turn has not come', async () => {
    const { clock, fly, decisions, isReplayed, drone } = await start()
    const [flyer, other] = [await fly(), await fly()]
    await flyer.ask('MOVE 1000 0')
    clock.advance(1000)
    await other.say('WAIT\nOp: 1\nTimeout: 60000\n\nMOVE 5 5\nWait: yes\n\n')
    await flyer.ask('PING')
    await other.say('STOP\n\n')
    await settled()
    expect(drone.telemetry().state).toBe('hovering')
    expect(decisions('STOP')[0]).toBe('begun')
    clock.advance(1000)
    await flyer.ask('WRITE hello')
    expect(isReplayed()).toEqual([])
  })

  it.each(['STOP', 'LAND'])('where it is a %s that comes when the server is leaving', async (name) => {
    const { clock, fly, server, decisions, isReplayed, folder } = await start()
    const flyer = await fly()
    await flyer.ask('MOVE 1000 0')
    clock.advance(1000)
    const closed = server.close()
    await flyer.pilot.ended
    await flyer.say(`${name}\n\n`)
    flyer.pilot.socket.end()
    await closed
    expect(decisions(name)).toEqual(['begun'])
    expect(isReplayed()).toEqual([])
    expect(verify(folder).faults).toEqual([])
  })

  it('and only then: what is refused, or has no effect, has its one line', async () => {
    const { fly, decisions } = await start()
    const flyer = await fly()
    await flyer.ask('WAIT\nTimeout: 1')
    await flyer.say('MOVE 100 0\nWait: yes\n\nEMERGENCY other\n\nSTOP\n\n')
    await flyer.ask('PING')
    expect(decisions('WAIT')).toEqual(['ran'])
    expect(decisions('EMERGENCY')).toEqual(['refused'])
  })
})

describe('a drone on its way', () => {
  async function setOut() {
    const scene = await start()
    const flyer = await scene.fly()
    await flyer.ask('MOVE 1000 0')
    const entries = () => [...readJournal(scene.folder)].flatMap(({ record }) => record?.entry ?? [])
    const states = () => entries().flatMap((entry) => (entry.kind === 'state' ? [entry.state] : []))
    return { ...scene, flyer, entries, states }
  }

  it('is recorded ten times a second though nobody speaks, and no more when it is there', async () => {
    const { clock, states, isReplayed } = await setOut()
    const before = states().length
    clock.advance(3000)
    // What a server that is killed now would leave.
    expect(states().at(-1)?.['x']).toBeCloseTo(3)
    expect(states()).toHaveLength(before + 30)
    expect(isReplayed()).toEqual([])
    clock.advance(8000)
    await settled()
    const there = states().length
    expect(states().at(-1)?.['x']).toBe(10)
    clock.advance(60_000)
    await settled()
    expect(states()).toHaveLength(there)
  })

  it('is recorded where it is when the server ends, and then no more', async () => {
    const { clock, flyer, server, folder, entries, states, isReplayed } = await setOut()
    flyer.pilot.socket.end()
    await flyer.gone
    clock.advance(1050)
    await server.close()
    expect(
      entries()
        .map(({ kind }) => kind)
        .slice(-2),
    ).toEqual(['state', 'stop'])
    expect(states().at(-1)?.['x']).toBeCloseTo(1.05)
    expect(replay(folder).end).toMatchObject({ x: 105, y: 0, z: 0 })
    expect(isReplayed()).toEqual([])
    // The drone's own, until it arrives, of which the recorder is told: it sets none.
    expect(clock.timers).toBe(1)
    clock.advance(10_000)
    await settled()
    expect(clock.timers).toBe(0)
  })
})

it('a record whose file is deleted goes on in another, from where the drone is', async () => {
  const { clock, fly, folder, isReplayed } = await start()
  const flyer = await fly()
  await flyer.ask('MOVE 100 0')
  clock.advance(2000)
  await settled()
  rmSync(journalFile(folder, 1))
  clock.advance(1000)
  await flyer.ask('WRITE hello')
  await settled()
  expect(await flyer.ask('MOVE 100 100')).toContain('OK MOVING_TO')
  clock.advance(2000)
  await settled()
  expect(verify(folder).faults[0]).toMatchObject({ what: 'the file before this one is missing' })
  expect(isReplayed()).toEqual([])
  expect(replay(folder).end).toMatchObject({ x: 100, y: 100, text: 'hello' })
})

describe('HELLO in the record', () => {
  it.each([
    {
      said: 'HELLO\r\nToken: s3cret\r\nClient: ann\r\nLease: 5000\r\nX-tag: 5',
      recorded: 'Token: [token]\r\nClient: ann',
    },
    { said: 'HELLO s3cret\r\nClient: ann\r\nLease: 5000\r\nX-tag: 5', recorded: 'HELLO [token]\r\nClient: ann' },
    { said: 'HELLO s3cret 1 ann\r\nLease: 5000\r\nX-tag: 5', recorded: 'HELLO [token] 1 ann' },
    { said: 'hello\r\ntoken:s3cret\r\nLease: 5000\r\nX-tag: 5', recorded: 'token:[token]' },
  ])('is whole but for the token: $said', async ({ said, recorded }) => {
    const { join, commands } = await start({ token: 's3cret' })
    const { pilot } = await join()
    await pilot.ask(`${said}\r\n\r\n`, 'OK AUTH_OK')
    const [{ message = '' } = {}] = commands()
    expect(message).toContain(recorded)
    expect(message).toMatch(/\r\nLease: 5000\r\nX-tag: 5$/)
    expect(message).not.toContain('s3cret')
  })

  it('and all that follows show no token, the renewed one neither, also where a reply quotes it', async () => {
    const { server, join, commands } = await start({ token: 'old-s3cret' })
    server.renew({ credentials: { kind: 'shared', token: 'new-s3cret' } })
    const { pilot } = await join()
    await pilot.ask('HELLO new-s3cret\n\nMOVE new-s3cret 1\n\nMOVE 1 2\nNote: old-s3cret\n\nPING\n\n', 'OK PONG')
    const recorded = JSON.stringify(commands())
    expect(recorded).toContain('Note: [token]')
    expect(recorded).not.toContain('s3cret')
  })

  it('has nothing of what a stranger said who was refused', async () => {
    const { join, commands } = await start({ token: 's3cret' })
    const { pilot } = await join()
    await pilot.ask('HELLO\nTokne: s3cret\n\n', 'ERR UNKNOWN_HEADER')
    await pilot.ask('HELLO wrong\n\n', 'ERR AUTH_FAILED')
    expect(commands().map(({ message }) => message)).toEqual(['HELLO', 'HELLO'])
  })
})
