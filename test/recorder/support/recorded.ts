import { onTestFinished } from 'vitest'
import { SimulatedDrone } from '../../../src/drone/simulated-drone.ts'
import { Journal } from '../../../src/recorder/journal.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** What a server takes that keeps a record, on a clock that stands still; and where the record is. */
export function recorded() {
  const folder = temporaryFolder()
  const clock = new FakeClock()
  const journal = Journal.open({ folder, syncMs: 100, clock })
  onTestFinished(() => journal.close())
  return { folder, options: { clock, journal, drone: new SimulatedDrone(clock) } }
}
