import type { Logger } from 'pino'
import type { Fence } from '../drone/fence.ts'
import { report } from '../drone/report.ts'
import type { SimulatedDrone } from '../drone/simulated-drone.ts'
import { restoredDrone } from '../recorder/drone-state.ts'
import { Journal } from '../recorder/journal.ts'
import type { Clock } from '../time/clock.ts'
import { type ParsedArguments, usageError } from './options.ts'
import { DEFAULT_SYNC } from './record-options.ts'
import { readDuration } from './values.ts'

/** A journal, and what it knows of the last flight, where the drone was not told to start otherwise. */
export interface Recorded {
  readonly journal: Journal
  readonly drone: SimulatedDrone | undefined
  readonly fence: Fence | undefined
}

/** The journal that is asked for. What there is to tell of its folder stands in the log. */
export function openJournal({ options }: ParsedArguments, clock: Clock, logger: Logger): Recorded | undefined {
  const folder = options.get('record')
  const sync = options.get('record-sync')
  if (folder === undefined) {
    if (sync === undefined) return undefined
    throw usageError('--record-sync is for --record DIR')
  }
  if (folder === '') throw usageError('--record is to be a folder, got ""')
  const syncMs = readDuration('--record-sync', String(sync ?? DEFAULT_SYNC))
  const journal = open(String(folder), syncMs, clock, logger)
  const { lastState } = journal
  if (lastState === undefined) return { journal, drone: undefined, fence: undefined }
  const fence = options.has('fence') ? undefined : (lastState['fence'] as Fence | undefined)
  const drone = options.has('drone') ? undefined : restoredDrone(clock, lastState)
  const { state, x, y, z }: Partial<ReturnType<typeof report>> = drone === undefined ? {} : report(drone)
  logger.info({ state, x, y, z, fence }, 'flight recorder: goes on from the last flight')
  return { journal, drone, fence }
}

function open(folder: string, syncMs: number, clock: Clock, logger: Logger): Journal {
  try {
    return Journal.open({
      folder,
      syncMs,
      clock,
      onRepair: (what) => logger.warn(`flight recorder: ${what}`),
      onFailure: ({ message }) =>
        logger.error(`flight recorder: cannot write, so that nothing is set in motion: ${message}`),
      onRecovery: () => logger.info('flight recorder: writes again'),
    })
  } catch (error) {
    throw usageError(`--record ${folder}: ${(error as Error).message}`)
  }
}
