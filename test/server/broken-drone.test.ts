import { expect, it } from 'vitest'
import type { Outcome } from '../../src/drone/drone.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { Failure } from '../../src/wire/failure.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'

/** Cannot move, and tells so at once; cannot show a text either, and tells so later. */
class BrokenDrone extends SimulatedDrone {
  override moveTo(): undefined {
    throw new Error('no propeller')
  }

  override show(): undefined {
    return Promise.reject(new Error('no display')) as unknown as undefined
  }
}

const script = (command: string) => `HELLO\n\nPING\nId: 1\n\n${command}\nId: 2\n\nPING\nId: 3\n\n`

it.each([
  { how: 'throws', command: 'MOVE 1 2' },
  { how: 'rejects', command: 'WRITE hi' },
])('a handler that $how costs its own command INTERNAL, and nothing else', async ({ command }) => {
  const log = recordLog()
  const { join } = await startScene({ drone: new BrokenDrone(new FakeClock()), logger: log.logger })
  const { pilot: other } = await join()
  const { pilot } = await join()
  await pilot.ask(script(command), 'Id: 3')
  expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'OK PONG', 'ERR INTERNAL', 'OK PONG'])
  expect(pilot.received).toMatch(/ERR INTERNAL\r\nReason: [^\r]+\r\nFatal: no\r\n([^\r]+\r\n)*Id: 2\r\n\r\n/)
  expect(pilot.received).not.toMatch(/propeller|display/)
  await other.ask('HELLO\n\nCOLOR 1 2 3\n\nSTATUS\n\n', 'OK STATUS')
  expect(other.received).toContain('\r\nR: 1\r\nG: 2\r\nB: 3\r\n')
  expect(log.text).toMatch(/no (propeller|display)/)
})

it('INTERNAL is no mistake of the client: any number of them in a row is soft (section 4)', async () => {
  const { join } = await startScene({ drone: new BrokenDrone(new FakeClock()) })
  const { pilot } = await join()
  await pilot.ask(`HELLO\n\n${'MOVE 1 2\n\nWRITE hi\n\n'.repeat(20)}PING\n\n`, 'OK PONG')
  expect(pilot.replies.filter((line) => line === 'ERR INTERNAL')).toHaveLength(40)
})

it('a drone that fails with a code has its command answered so', async () => {
  const drone = new SimulatedDrone(new FakeClock())
  const outcomes: Outcome[] = [new Failure('TIMEOUT', { reason: 'The lamp takes its time' })]
  const paint = () => outcomes.shift()
  const { join } = await startScene({ drone: Object.assign(drone, { paint }) })
  const { pilot } = await join()
  await pilot.ask('HELLO\n\nCOLOR 1 2 3\n\nCOLOR 1 2 3\n\n', 'COLOR_CHANGED')
  expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'ERR TIMEOUT', 'OK COLOR_CHANGED(1, 2, 3)'])
})

it('a failure that no message can hold costs its own command INTERNAL, and leaves no part of itself, also as the last mistake', async () => {
  const drone = new SimulatedDrone(new FakeClock())
  const moveTo = () => new Failure('BAD_ARGUMENT', { reason: 'two\nlines' })
  const { join } = await startScene({ drone: Object.assign(drone, { moveTo }) })
  const { pilot } = await join()
  await pilot.ask(`HELLO\n\nSUBSCRIBE OPS\n\n${'FLY\n\n'.repeat(9)}MOVE 1 2\nId: last\n\n`, 'ERR INTERNAL')
  const said = pilot.received.split('\r\n\r\n').slice(1)
  expect(said.map((message) => message.split('\r\n')[0])).toEqual([
    'OK AUTH_OK',
    'OK SUBSCRIBED',
    ...Array(9).fill('ERR UNKNOWN_COMMAND'),
    'ERR INTERNAL',
    '',
  ])
})
