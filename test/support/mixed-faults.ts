import type { Route } from './fault-proxy.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Fault, Toxics } from './toxics.ts'

const KINDS: readonly [Fault['kind'], ...Fault['kind'][]] = [
  'limit_data',
  'reset_peer',
  'timeout',
  'half_close',
  'freeze',
]
const MAX_LATENCY_MS = 3
const MAX_JITTER_MS = 2
const MAX_SLICE_BYTES = 60
const BYTES_PER_MS = [30, 300] as const
const MAX_FAULT_BYTES = 1500
const MAX_FAULT_MS = 5

/** A network that is bad in some way or other, or for once in none. */
export const anyRoute = (random: SeededRandom): Route => ({
  upstream: anyToxics(random),
  downstream: anyToxics(random),
})

function anyToxics(random: SeededRandom): Toxics {
  const latency = { latencyMs: random.integer(0, MAX_LATENCY_MS), jitterMs: random.integer(0, MAX_JITTER_MS) }
  const slicer = { maxBytes: random.integer(1, MAX_SLICE_BYTES) }
  const bandwidth = { bytesPerMs: random.integer(...BYTES_PER_MS) }
  const slowClose = { delayMs: random.integer(0, MAX_LATENCY_MS) }
  const fault = {
    kind: random.pick(KINDS),
    afterBytes: random.integer(0, MAX_FAULT_BYTES),
    delayMs: random.integer(0, MAX_FAULT_MS),
  }
  return {
    ...(random.percent(40) && { latency }),
    ...(random.percent(50) && { slicer }),
    ...(random.percent(20) && { bandwidth }),
    ...(random.percent(30) && { slowClose }),
    ...(random.percent(50) && { fault }),
  }
}
