import { expect, it } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { flyThroughFaults } from '../support/fly-through-faults.ts'
import { SEED, scale } from '../withstand/item.ts'

const RUNS = scale(300, 15)
const TIME_LIMIT_MS = 120_000

it.each(WIRE_NAMES)(
  'whatever the network does on the %s wire, clients are told what is so',
  { timeout: TIME_LIMIT_MS },
  async (wire) => {
    let acknowledged = 0
    let cut = 0
    for (let run = 0; run < RUNS; run++) {
      const tally = await flyThroughFaults(SEED + run, wire)
      acknowledged += tally.acknowledged
      cut += tally.cut
    }
    // Neither was the network too good, nor too bad, for this to say anything.
    expect(acknowledged, `seed ${SEED}`).toBeGreaterThan(RUNS / 3)
    expect(cut, `seed ${SEED}`).toBeGreaterThan(RUNS / 10)
  },
)
