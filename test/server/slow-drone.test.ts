import { expect, it } from 'vitest'
import type { Drone, Outcome } from '../../src/drone/drone.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

/** A drone that is done with showing a text only when it is told so. */
function slowDrone() {
  const shown: string[] = []
  const settle: ((outcome: Outcome) => void)[] = []
  const show = (text: string) => {
    shown.push(text)
    return new Promise<Outcome>((resolve) => void settle.push(resolve))
  }
  const drone: Drone = Object.assign(new SimulatedDrone(new FakeClock()), { show: show as unknown as () => undefined })
  return { drone, shown, done: () => settle.shift()?.(undefined) }
}

it('begins a command only when the drone is done with the one before it (R1)', async () => {
  const { drone, shown, done } = slowDrone()
  const { join } = await startScene({ drone })
  const { pilot } = await join()
  await pilot.ask('HELLO\n\nWRITE a\nId: a\n\nWRITE b\nId: b\n\nPING\nId: c\n\n', 'AUTH_OK')
  await until(() => shown.length > 0)
  expect(shown).toEqual(['a'])
  expect(pilot.received).not.toContain('WRITTEN')
  done()
  await pilot.until('Id: a')
  await until(() => shown.length > 1)
  expect(pilot.received).not.toContain('Id: b')
  done()
  await pilot.until('Id: c')
  expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'OK WRITTEN', 'OK WRITTEN', 'OK PONG'])
})

it('serves the others while it waits for the drone', async () => {
  const { drone, shown, done } = slowDrone()
  const { join } = await startScene({ drone })
  const { pilot: patient } = await join()
  patient.send('HELLO\n\nWRITE a\n\n')
  await until(() => shown.length === 1)
  const { pilot: other } = await join()
  await other.ask('HELLO\n\nMOVE 1 2\n\n', 'MOVING_TO(1, 2)')
  done()
  await patient.until('WRITTEN')
})

it.each(['destroy', 'resetAndDestroy'] as const)('is not disturbed by an answer that comes after %s', async (leave) => {
  const { drone, shown, done } = slowDrone()
  const { join } = await startScene({ drone })
  const { pilot, gone } = await join()
  pilot.send('HELLO\n\nWRITE a\n\nWRITE b\n\n')
  await until(() => shown.length === 1)
  pilot.socket[leave]()
  if (leave === 'resetAndDestroy') await gone
  done()
  const { pilot: next } = await join()
  await next.ask('PING\n\n', 'OK PONG')
})

it('closes although the drone never answers, and tells the client SHUTTING_DOWN (R8)', async () => {
  const { drone, shown } = slowDrone()
  const { server, join } = await startScene({ drone })
  const { pilot } = await join()
  pilot.send('HELLO\n\nWRITE a\n\nPING\n\n')
  await until(() => shown.length === 1)
  const closed = server.close()
  await pilot.ended
  expect(pilot.replies.slice(1)).toEqual(['OK AUTH_OK', 'ERR SHUTTING_DOWN'])
  pilot.socket.end()
  await closed
})
