import { expect, it } from 'vitest'
import { isRequestError } from '../../src/client/error.ts'
import { WIRE_NAMES, type WireName } from '../../src/wire/wire.ts'
import { give, KINDS, type Told } from '../support/orders.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { startNetwork } from '../support/start-network.ts'
import type { Fault } from '../support/toxics.ts'
import { until } from '../support/until.ts'
import { faultsOf } from '../support/verdict.ts'
import { SEED, scale } from '../withstand/item.ts'

const TIME_LIMIT_MS = 120_000
const ORDERS = 12
/** After how many bytes it is cut: in the long form after each, in the short one after so many, the first by chance. */
const PLACES = scale(Number.POSITIVE_INFINITY, 8)
/** So small that what comes before the cut is answered before it. */
const SLICE_BYTES = 20

/** One client gives its orders all at once, and its connection ends after so many bytes. */
async function flyAndCut(wire: WireName, direction: 'upstream' | 'downstream', fault?: Fault) {
  const toxics = { slicer: { maxBytes: SLICE_BYTES }, ...(fault !== undefined && { fault }) }
  const network = await startNetwork(wire, { seed: SEED, route: () => ({ [direction]: toxics }) })
  const { server, drone, proxy, accepted } = network
  let told: readonly Told[] = []
  try {
    const client = await network.connect()
    const answers = Array.from({ length: ORDERS }, (_, order) =>
      give(client, { order: order + 1, kind: KINDS[order % KINDS.length] ?? 'move', connection: 0 }),
    )
    told = await Promise.all(answers)
    await client.close()
    await client.closed
  } catch (error) {
    if (!isRequestError(error)) throw error
  }
  await until(() => accepted.open === 0)
  proxy.close()
  await server.close()
  const [tapped] = proxy.connections
  const bytes = (direction === 'upstream' ? tapped?.fromClient : tapped?.fromServer)?.length ?? 0
  return {
    faults: faultsOf({ wire, drone, clients: [told], tapped: proxy.connections }),
    told,
    done: drone.told.length,
    bytes,
  }
}

const CASES = WIRE_NAMES.flatMap((wire) =>
  (['upstream', 'downstream'] as const).flatMap((direction) =>
    (['limit_data', 'reset_peer', 'half_close'] as const).map((kind) => ({ wire, direction, kind })),
  ),
)

it.each(CASES)(
  'a $kind $direction on the $wire wire, after whatever byte, makes nobody say what is not so',
  { timeout: TIME_LIMIT_MS },
  async ({ wire, direction, kind }) => {
    const { bytes, faults, told } = await flyAndCut(wire, direction)
    expect({ faults, answers: told.length }).toEqual({ faults: [], answers: ORDERS })
    const stepBytes = Math.ceil(bytes / Math.min(PLACES, bytes))
    const first = new SeededRandom(SEED).integer(0, stepBytes - 1)
    const ends = new Set<string>()
    for (let afterBytes = first; afterBytes < bytes; afterBytes += stepBytes) {
      const run = await flyAndCut(wire, direction, { kind, afterBytes })
      expect(run.faults, `cut after byte ${afterBytes} of ${bytes}`).toEqual([])
      const answers = run.told.filter(({ error }) => error?.code !== 'CONNECTION_CLOSED')
      ends.add(`${run.done} done, ${answers.length} answered`)
    }
    // It was cut early and late.
    expect(ends.size, `seed ${SEED}`).toBeGreaterThan(2)
  },
)
