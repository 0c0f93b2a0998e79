import { expect } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { flyThroughFaults } from '../support/fly-through-faults.ts'
import { item, SEED, scale } from './item.ts'

const RUNS_PER_WIRE = scale(250, 10)

item(75, 'a bad network: delays, slices, cuts, resets, stalls, half-closes', async (row) => {
  row.seed = SEED
  row.limit = 'none done twice, none acknowledged and not done, all settled'
  const sum = { requests: 0, acknowledged: 0, connections: 0, cut: 0 }
  for (const wire of WIRE_NAMES) {
    for (let run = 0; run < RUNS_PER_WIRE; run++) {
      const tally = await flyThroughFaults(SEED + run, wire)
      sum.requests += tally.requests
      sum.acknowledged += tally.acknowledged
      sum.connections += tally.connections
      sum.cut += tally.cut
    }
  }
  row.figure = `${sum.requests} requests, ${sum.acknowledged} acknowledged; ${sum.cut} of ${sum.connections} connections cut`
  expect(sum.acknowledged).toBeGreaterThan(RUNS_PER_WIRE)
  expect(sum.cut).toBeGreaterThan(RUNS_PER_WIRE / 3)
})
