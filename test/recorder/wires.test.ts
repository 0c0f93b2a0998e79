import { describe, expect, it, vi } from 'vitest'
import { replay } from '../../src/recorder/replay.ts'
import { createEntry } from '../../src/server/identities.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { startScene } from '../support/start-scene.ts'
import { changeColor, dialFramed, move, quit, write } from '../wires/support/framed-client.ts'
import { at } from '../wires/support/start-wires.ts'
import { dialVersioned, versioned } from '../wires/support/versioned-client.ts'
import { entriesOf, textOf } from './support/journals.ts'
import { recorded } from './support/recorded.ts'

vi.setConfig({ testTimeout: 15_000 })

async function start(options: ServerOptions = {}) {
  const { folder, options: basics } = recorded()
  const scene = await startScene({ ...basics, ...options })
  /** What each command was, how it was decided, and the first line that it was answered. */
  const commands = () =>
    entriesOf(folder).flatMap((entry) =>
      entry.kind === 'command' ? [[entry.message, entry.decision, entry.reply.split('\r\n')[0]]] : [],
    )
  return { ...scene, clock: basics.clock, folder, commands }
}

const FLIGHT = [
  ['MOVE 30 40', 'ran', 'OK MOVING_TO(30, 40)'],
  ['WRITE hi', 'ran', 'OK WRITTEN'],
  ['CHANGECOLOR 1 2 3', 'ran', 'OK COLOR_CHANGED(1, 2, 3)'],
]
const SAME = { refused: [], compared: { differences: [] } }

describe('the record of what came', () => {
  it('over the framed wire is what the text wire would have, and is flown once more', async () => {
    const { server, commands, folder, clock } = await start()
    const client = await dialFramed((await server.listen({ ...at(0), wire: 'framed' })).port)
    await client.ask(write('HELLO'))
    await client.ask(move(30, 40))
    clock.advance(10_000)
    await client.ask(write('hi'))
    await client.ask(changeColor(1, 2, 3))
    await client.ask(write('a\u2028b'))
    await client.finish(quit())
    expect(commands()).toEqual([
      ['HELLO', 'ran', 'OK AUTH_OK'],
      ...FLIGHT,
      ['WRITE a\u2028b', 'refused', 'ERR BAD_ARGUMENT'],
      ['QUIT', 'ran', 'OK BYE'],
    ])
    expect(replay(folder)).toMatchObject(SAME)
  })

  it('over the versioned wire is what stood in the frames', async () => {
    const { server, commands, folder, clock } = await start()
    const client = await dialVersioned((await server.listen({ ...at(0), wire: 'versioned' })).port)
    await client.next()
    await client.ask(versioned('HELLO'))
    await client.ask(versioned('MOVE 30 40'))
    clock.advance(10_000)
    await client.ask(versioned('WRITE hi'))
    await client.ask(versioned('CHANGECOLOR 1 2 3'))
    await client.ask(versioned('TAKEOFF'))
    await client.ask(versioned('MOVE 1 2\nDry-Run: yes'))
    expect(commands()).toEqual([
      ['HELLO', 'ran', 'OK AUTH_OK'],
      ...FLIGHT,
      ['TAKEOFF', 'refused', 'ERR WRONG_STATE'],
      ['MOVE 1 2\nDry-Run: yes', 'checked', 'OK CHECKED'],
    ])
    expect(replay(folder)).toMatchObject(SAME)
  })

  it('shows no token of a name, wherever it was typed in vain', async () => {
    const { token, entry } = createEntry('ann', 'pilot')
    const { join, folder, server } = await start({ credentials: { kind: 'named', entries: [entry] } })
    const { pilot } = await join()
    await pilot.ask(
      `${token}\n\nHELLO ${token}\n\nHELLO\nToken: ${token}\n\nMOVE ${token} 1\n\nPING\nNote: ${token}\n\nPING\n\n`,
      'OK PONG',
    )
    const client = await dialVersioned((await server.listen({ ...at(0), wire: 'versioned' })).port)
    await client.next()
    await client.ask(versioned(`HELLO ${token}`))
    await client.ask(versioned(`HELLO ${token}`))
    const framed = await dialFramed((await server.listen({ ...at(0), wire: 'framed' })).port)
    await framed.ask(write(token))
    const record = textOf(`${folder}/skyline-000001.jsonl`)
    expect(record).toContain('MOVE [token] 1')
    expect(record).not.toContain(token)
  })
})

it('the hover at the end of a session is in the record before the state that it leads to', async () => {
  const { join, folder, clock } = await start({ control: 'exclusive' })
  const { pilot, gone } = await join()
  await pilot.ask('HELLO\n\nMOVE 0 0 500\n\n', 'MOVING_TO')
  clock.advance(200)
  pilot.send('QUIT\n\n')
  await pilot.ended
  pilot.socket.end()
  await gone
  expect(replay(folder)).toMatchObject(SAME)
})

it('what is refused while a command is awaited is in the record, too', async () => {
  const { join, commands, clock } = await start()
  const { pilot } = await join()
  pilot.send('HELLO\n\nMOVE 100 0\n\nWAIT\n\nno colon here\nx\n\nPING\n\n')
  await pilot.until('MOVING_TO')
  clock.advance(1000)
  await pilot.until('OK PONG')
  expect(commands().map(([, decision, reply]) => [decision, reply])).toEqual([
    ['ran', 'OK AUTH_OK'],
    ['ran', 'OK MOVING_TO(100, 0)'],
    ['ran', 'OK ARRIVED'],
    ['refused', 'ERR PARSE'],
    ['ran', 'OK PONG'],
  ])
})

it('a STOP that is found late in a long row is in the record at the time when it stopped the drone', async () => {
  const { join, folder, clock, peerOf } = await start()
  const { pilot } = await join()
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  const peer = await peerOf(pilot)
  const input = `MOVE 1000 0 300 1000\n\n${'STATUS\n\n'.repeat(200)}MOVE 0 1000 300 1000\nWait: yes\n\nSTOP\nId: s\n\n`
  const written = peer.write.bind(peer)
  // Each turn of the session takes its time.
  peer.write = ((...args: Parameters<typeof written>) => {
    clock.advance(5)
    return written(...args)
  }) as typeof peer.write
  await pilot.ask(input, 'Id: s\r\n')
  expect(replay(folder)).toMatchObject(SAME)
})
